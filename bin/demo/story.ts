/** Tells what happens in plain words, each line with the seconds since the start. */
export class Story {
  readonly #start = performance.now();
  readonly #told = new Set<string>();

  constructor(private readonly print: (line: string) => void) {}

  tell(line: string): void {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1).padStart(6);
    this.print(`${seconds} s  ${line}`);
  }

  /** For what is seen again and again while one looks. */
  tellOnce(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.tell(line);
  }

  /** A title with a blank line before it. */
  chapter(title: string): void {
    this.print('');
    this.tell(title.toUpperCase());
  }
}
