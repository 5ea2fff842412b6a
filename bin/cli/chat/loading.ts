import type { Waiting } from '../../../chat';
import type { Stream } from '../out';

/** Says that a model is being loaded, for how long, and nothing any more once it answers. */
export interface Loading {
  readonly onWait: (waiting: Waiting) => void;
  readonly end: () => void;
}

/** On a terminal one line that is written anew; elsewhere a line for every wait. */
export function loading(stream: Stream): Loading {
  const anew = stream.isTTY === true ? '\r\u001b[K' : '';
  let isShown = false;
  return {
    onWait: ({ waited }) => {
      isShown = true;
      stream.write(`${anew}model is loading (${Math.round(waited / 1000)} s)${anew === '' ? '\n' : ''}`);
    },
    end: () => {
      if (isShown) stream.write(anew);
      isShown = false;
    },
  };
}
