import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startVersityGw } from '../../../local/versitygw';
import { copy, download, type TransferEvent, upload, verify } from '../../../weights/transfer';
import { localSource, localTarget } from '../../../weights/transfer/local-folder';
import { PART_BYTES } from '../../../weights/transfer/parts';
import { s3Store } from '../../../weights/transfer/s3';
import { noise } from './ground';

const MIB = 1024 * 1024;

/** Real part sizes, so few bytes as they allow: three parts, the last one short. */
const FILES: Readonly<Record<string, Buffer>> = {
  'model.safetensors': noise('weights', 2 * PART_BYTES + 12_345),
  'config.json': Buffer.from('{}'),
  'tokenizer.json': noise('tokenizer', 3 * MIB),
};

function require(fact: boolean, what: string): void {
  if (!fact) throw new Error(`not so on versitygw: ${what}`);
  process.stdout.write(`  ${what}\n`);
}

/** What MiniStack cannot show: that a server of S3's checksums of full objects agrees with those that we combine. */
export async function transferOnVersityGw(): Promise<void> {
  const gateway = await startVersityGw({ buckets: ['weights', 'prod'] });
  const folder = mkdtempSync(join(tmpdir(), 'versitygw-'));
  const { endpoint, region, credentials } = gateway;
  const client = { endpoint, region, credentials, forcePathStyle: true };
  const [store, prod] = [s3Store({ bucket: 'weights', client }), s3Store({ bucket: 'prod', client })];
  try {
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
    const [source, files] = [localSource(folder), Object.keys(FILES)];

    const stop = new AbortController();
    const onEvent = (event: TransferEvent) => {
      if (event.type === 'part' && event.file === 'model.safetensors') stop.abort(new Error('stopped'));
    };
    const stopped = await upload({ source, files, store, prefix: 'v1/', signal: stop.signal, onEvent }).catch(String);
    require(stopped === 'Error: stopped', 'an upload stops after its first part');
    const parts: TransferEvent[] = [];
    const hear = (event: TransferEvent) => parts.push(event);
    const { lock } = await upload({ source, files, store, prefix: 'v1/', onEvent: hear });
    const kept = parts.some((event) => event.type === 'part' && event.bytes === PART_BYTES && !event.moved);
    require(kept, 'its next run goes on with the parts that ListParts names by their checksums');

    const command = new HeadObjectCommand({ Bucket: 'weights', Key: 'v1/model.safetensors', ChecksumMode: 'ENABLED' });
    const head = await new S3Client(client).send(command);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(FILES['model.safetensors'] ?? ''));
    require(head.ChecksumType === 'FULL_OBJECT', 'an object of three parts has the checksum of a full object');
    require(head.ChecksumCRC32 === crc.toString('base64'), 'which is that of its bytes in one piece');

    require((await upload({ source, files, store, prefix: 'v1/' })).moved.length ===
      0, 'a second upload sends nothing');
    require((await verify({ lock, store, prefix: 'v1/' })).verified, 'it is verified by its checksums');
    require((await verify({ lock, store, prefix: 'v1/', deep: true })).verified, 'it is verified by its bytes');

    // in whole: to a range of an object versitygw gives the checksum of all of it, and then refuses the sum of the parts
    const copied = await copy({ lock, from: { store, prefix: 'v1/' }, to: { store: prod, prefix: 'v1/' } });
    require(copied.moved.length === files.length, 'it is copied to another bucket');
    require((await verify({ lock, store: prod, prefix: 'v1/', deep: true }))
      .verified, 'the copy is verified by its bytes');

    const target = join(folder, 'back');
    await download({ store: prod, prefix: 'v1/', target: localTarget(target) });
    const same = lock.files.every(
      ({ name, sha256 }) =>
        createHash('sha256')
          .update(readFileSync(join(target, name)))
          .digest('hex') === sha256,
    );
    require(same, 'and comes back as it was');
  } finally {
    await gateway.stop();
    rmSync(folder, { recursive: true });
  }
}
