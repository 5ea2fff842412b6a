import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';

/** What figures depend on. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const openssl = process.versions.openssl;
  const model = cpu?.model.replaceAll(/\(R\)|\(TM\)/g, '').trim() ?? 'unknown processor';
  return `${cpus().length} cores (${model}), ${memory} GB, ${type()} ${release()}, Node ${process.version} (OpenSSL ${openssl}), ${go()}`;
}

function go(): string {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim().replace('go', 'Go ');
  } catch {
    return 'no Go';
  }
}
