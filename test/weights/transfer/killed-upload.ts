// A program for the test beside it: uploads a folder until it is killed, and prints a line for each part. Arguments: endpoint, folder, files.
import { localSource } from '../../../weights/transfer/local-folder';
import { s3Store } from '../../../weights/transfer/s3';
import { upload } from '../../../weights/transfer/upload';
import { clientOf, HASTE, PART_BYTES } from './ground';

const [endpoint = '', folder = '', ...files] = process.argv.slice(2);

upload({
  source: localSource(folder),
  files,
  store: s3Store({ bucket: 'weights', client: clientOf(endpoint) }),
  prefix: 'v1/',
  partBytes: PART_BYTES,
  backoff: HASTE,
  onEvent: (event) => {
    if (event.type === 'part' && event.moved) process.stdout.write('part\n');
  },
}).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
