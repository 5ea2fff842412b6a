import { localFolder, report, type ModelFolder } from '../../weights';

/** `check-in-process.ts FOLDER TIMES`: writes the seconds of each check, and the bytes that one reads, as JSON. */
async function main(path: string, times: number): Promise<void> {
  const seconds: number[] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await report(localFolder(path));
    seconds.push((performance.now() - began) / 1000);
  }
  const read = counting(localFolder(path));
  const { findings } = await report(read.folder);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ problem }) => problem);
  process.stdout.write(JSON.stringify({ seconds, bytesRead: read.bytes(), errors }));
}

function counting(folder: ModelFolder) {
  let bytes = 0;
  const counted: ModelFolder = {
    address: folder.address,
    list: () => folder.list(),
    async readText(name, maxBytes) {
      const text = await folder.readText(name, maxBytes);
      bytes += Buffer.byteLength(text);
      return text;
    },
    async readBytes(name, offset, length) {
      const read = await folder.readBytes(name, offset, length);
      bytes += read.length;
      return read;
    },
  };
  return { folder: counted, bytes: () => bytes };
}

const [path = '', times = ''] = process.argv.slice(2);
void main(path, Number(times));
