import { coloursFor } from '../colours';
import type { Out, Stream } from '../out';
import type { Delta } from './answer';
import type { Call } from './turn';

/** How an answer is shown while it comes. */
export interface Voice {
  readonly say: (delta: Delta) => void;
  /** Ends the line, also of an answer that was stopped; then the calls, and why it ended if not by itself. */
  readonly end: (calls: readonly Call[], finish: string | undefined) => void;
}

const CUT: ReadonlyMap<string, string> = new Map([
  ['length', '(cut at the most tokens that it may have: see --max-tokens)'],
  ['content_filter', '(stopped by a content filter)'],
]);

/** The answer on stdout; what the model thinks on the way, dimmed, on stderr, where no program reads it for the answer. */
export function voice(out: Out, showsReasoning: boolean): Voice {
  const { dim } = coloursFor(out.stderr, out);
  let open: Stream | undefined;
  const write = (stream: Stream, text: string, paint = (plain: string) => plain) => {
    if (text === '') return;
    if (open && open !== stream) open.write('\n');
    open = stream;
    stream.write(paint(stream.isTTY === true ? harmless(text) : text));
  };
  const endLine = () => {
    open?.write('\n');
    open = undefined;
  };
  return {
    say: ({ reasoning, content }) => {
      if (showsReasoning) write(out.stderr, reasoning, dim);
      write(out.stdout, content);
    },
    end: (calls, finish) => {
      endLine();
      for (const { name, arguments: given } of calls) {
        write(out.stdout, name, coloursFor(out.stdout, out).bold);
        write(out.stdout, `(${given})`);
        endLine();
      }
      const cut = CUT.get(finish ?? '');
      if (cut !== undefined) out.stderr.write(`${dim(cut)}\n`);
    },
  };
}

/** Without control characters, by which text could move a terminal's cursor, or worse. */
export function harmless(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}
