import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startHub, zeros } from '../../local/hugging-face';
import { startVersityGw } from '../../local/versitygw';
import { makeCertificate } from '../weights/certificate';
import { cpuOfServer } from '../weights/cpu-of-server';
import type { Job } from './worker';

const [REPOSITORY, BUCKET, PREFIX] = ['bench/zeros', 'weights', 'copy/'];

/** A Hub and an S3 on loopback, S3 over TLS. */
export interface CopyGround {
  /** What a worker needs to copy a file of the Hub. */
  job(file: number): Job;
  /** CPU seconds that Hub and S3 have taken; undefined where the kernel does not tell (other than Linux). */
  cpu(): number | undefined;
  /** Takes away what was copied. */
  clear(): Promise<void>;
  end(): Promise<void>;
}

/** @param sizes of the Hub's files, in bytes */
export async function copyGround(sizes: readonly number[], scratch: string): Promise<CopyGround> {
  const nameOf = (file: number) => `model-${file}.safetensors`;
  const made = Object.fromEntries(sizes.map((size, file) => [nameOf(file), zeros(size)]));
  const hub = await startHub({ repositories: { [REPOSITORY]: { revisions: { main: { made } } } } });
  const { commit, files } = await hub.at(REPOSITORY);
  const certificate = await makeCertificate(scratch);
  const s3 = await startVersityGw({ buckets: [BUCKET], tls: certificate });
  const environment = {
    AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
    NODE_EXTRA_CA_CERTS: certificate.certificate,
  };
  return {
    job(file) {
      const found = files.get(nameOf(file));
      if (!found?.lfs) throw new Error(`there is no file ${file}`);
      const { path, content, oid, lfs } = found;
      const what = { name: path, size: content.size, sha256: lfs.sha256, blob: oid };
      const places = { hub: hub.url, repository: REPOSITORY, commit, s3: s3.endpoint, bucket: BUCKET, prefix: PREFIX };
      const argv = Object.entries({ ...what, ...places }).map(([name, value]) => `--${name}=${value}`);
      return { argv, environment };
    },
    cpu() {
      const ofS3 = cpuOfServer(s3.pid);
      const { user, system } = process.cpuUsage();
      return ofS3 === undefined ? undefined : ofS3 + (user + system) / 1e6;
    },
    clear: () => rm(join(s3.folder, BUCKET, PREFIX), { recursive: true, force: true }),
    async end() {
      await Promise.all([hub.close(), s3.stop()]);
    },
  };
}
