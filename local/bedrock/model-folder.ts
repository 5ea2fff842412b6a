import { isRecord } from './shapes';
import type { Bucket, Weights, WeightFile } from './ports';
import type { Place } from './import-role';

/** JSON files read whole. The largest honest one, the index of a 120B, has about 60 kB. */
const maxJsonBytes = 50_000_000;

/** A model's folder in S3, seen from its prefix. */
export class ModelFolder {
  readonly #byName: ReadonlyMap<string, WeightFile>;

  private constructor(
    readonly place: Place,
    readonly bucket: Bucket,
    readonly keys: readonly string[],
    files: ReadonlyMap<string, WeightFile>,
    private readonly weights: Weights,
  ) {
    this.#byName = files;
  }

  /** Undefined when there is no such bucket. */
  static async open(weights: Weights, place: Place): Promise<ModelFolder | undefined> {
    const bucket = await weights.bucket(place.bucket);
    if (!bucket) return undefined;
    // Consoles make an empty object named like the folder itself; it is no file.
    const listed = (await weights.list(place.bucket, place.prefix)).filter(({ key }) => !key.endsWith('/'));
    const files = new Map(listed.map((file) => [file.key.slice(place.prefix.length), file]));
    return new ModelFolder(
      place,
      bucket,
      listed.map(({ key }) => key),
      files,
      weights,
    );
  }

  /** Names below the prefix; those in sub-folders contain '/'. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** In bytes; undefined when there is no such file. */
  size(name: string): number | undefined {
    return this.#byName.get(name)?.size;
  }

  async read(name: string, start: number, length: number): Promise<Uint8Array> {
    return this.weights.read(this.place.bucket, `${this.place.prefix}${name}`, start, length);
  }

  /** A file's JSON object; undefined when it is missing, too large or anything else. */
  async json(name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const size = this.size(name);
    if (size === undefined || size === 0 || size > maxJsonBytes) return undefined;
    try {
      const parsed: unknown = JSON.parse(Buffer.from(await this.read(name, 0, size)).toString('utf8'));
      return isRecord(parsed) ? parsed : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}
