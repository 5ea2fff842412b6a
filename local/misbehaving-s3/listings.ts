import { type Calls, checksumElement, document, found, uploadOf } from './call';
import type { Xml } from './xml';

/** Each in pages, with where the next one begins. */
export const LISTINGS = {
  ListObjectsV2({ objects, query, rules, bucket }) {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, rules.pageSize);
    const next = keys.length > page.length ? page.at(-1) : undefined;
    const contents = page.map((key): [string, Xml] => {
      const { bytes, etag } = found(objects, key);
      return [
        'Contents',
        [
          ['Key', key],
          ['Size', bytes.length],
          ['ETag', etag],
        ],
      ];
    });
    const more: Xml = next === undefined ? [] : [['NextContinuationToken', next]];
    return document('ListBucketResult', [['Name', bucket], ['IsTruncated', next !== undefined], ...more, ...contents]);
  },

  ListMultipartUploads({ contents, query, bucket, rules }) {
    const prefix = query.get('prefix') ?? '';
    const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
    const all = [...contents.uploads]
      .filter(([, upload]) => upload.bucket === bucket && upload.key.startsWith(prefix))
      .sort(([id, { key }], [otherId, other]) => (key + id < other.key + otherId ? -1 : 1))
      .filter(([id, { key }]) => key > keyMarker || (key === keyMarker && id > idMarker));
    const page = all.slice(0, rules.pageSize);
    const [lastId, last] = page.at(-1) ?? ['', undefined];
    const uploads = page.map(([id, { key }]): [string, Xml] => [
      'Upload',
      [
        ['Key', key],
        ['UploadId', id],
      ],
    ]);
    return document('ListMultipartUploadsResult', [
      ['IsTruncated', all.length > page.length],
      ['NextKeyMarker', last?.key ?? ''],
      ['NextUploadIdMarker', lastId],
      ...uploads,
    ]);
  },

  ListParts(call) {
    const { query, rules } = call;
    const after = Number(query.get('part-number-marker') ?? 0);
    const all = [...uploadOf(call).parts].filter(([number]) => number > after).sort(([one], [other]) => one - other);
    const page = all.slice(0, rules.pageSize);
    const parts = page.map(([number, part]): [string, Xml] => {
      const known: Xml = [
        ['PartNumber', number],
        ['Size', part.bytes.length],
        ['ETag', part.etag],
      ];
      return ['Part', [...known, ...checksumElement(part.crc32, rules)]];
    });
    const last = page.at(-1)?.[0] ?? 0;
    return document('ListPartsResult', [
      ['IsTruncated', all.length > page.length],
      ['NextPartNumberMarker', last],
      ...parts,
    ]);
  },
} satisfies Partial<Calls>;
