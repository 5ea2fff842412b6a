/** What one frame of InvokeModelWithResponseStream holds. See the switch `streamFrames`. */
export type Framing = 'object' | 'part' | 'two-objects' | 'events';

/** A stream's objects as the bytes of its frames. */
export async function* streamBodies(objects: AsyncIterable<object>, framing: Framing): AsyncGenerator<Buffer> {
  let waiting: Buffer | undefined;
  for await (const object of objects) {
    const json = Buffer.from(JSON.stringify(object));
    switch (framing) {
      case 'object':
        yield json;
        break;
      case 'part':
        yield* halves(json);
        break;
      case 'two-objects':
        if (waiting) yield Buffer.concat([waiting, json]);
        waiting = waiting ? undefined : json;
        break;
      case 'events':
        yield Buffer.from(`data: ${json.toString()}\n\n`);
        break;
    }
  }
  if (waiting) yield waiting;
  if (framing === 'events') yield Buffer.from('data: [DONE]\n\n');
}

/** Cut inside the first character that has several bytes, or in the middle where there is none. */
function halves(bytes: Buffer): Buffer[] {
  const long = bytes.findIndex((byte) => byte > 0x7f);
  const at = long >= 0 ? long + 1 : Math.floor(bytes.length / 2);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}
