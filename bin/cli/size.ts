import { gigabytes } from '../../weights/printable';

/** Bytes for people, decimal like AWS's limits: "280 B", "16.7 kB", "27.9 MB", "4.79 GB". */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${Math.round(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : gigabytes(bytes);
}
