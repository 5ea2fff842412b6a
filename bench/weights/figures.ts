import type { CheckFigures } from './check';
import type { ResumeFigures } from './resume';
import type { UploadFigures } from './upload';

/** All that one run of the bench found. */
export interface Figures {
  readonly machine: string;
  readonly command: string;
  readonly check?: CheckFigures;
  readonly upload?: {
    /** Of the weights. */
    readonly bytes: number;
    readonly shards: number;
    readonly runs: number;
    readonly objectsIn: 'memory' | 'disk';
    readonly clients: readonly UploadFigures[];
    /** Peers that could not be had, with the reason. */
    readonly absent: readonly string[];
  };
  readonly resume?: ResumeFigures;
  /** Of our upload, with weights of so many bytes. */
  readonly memory?: { readonly bytes: number; readonly peakBytes: number; readonly wall: number };
}
