import { truncate, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { LogExport, type LogExportOptions } from '@leftfold/core';
import { newSigningKey, parseSigningKey, parseVerifierKey, ProofsModule, Sealed, verifyExport } from '../src/index.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes } from '../../core/test/counters/counter-nodes.js';
import { DATABASE_KINDS } from '../../core/test/support/databases.js';

const KEY = newSigningKey('log.example');
const VERIFIER = parseVerifierKey(parseSigningKey(KEY).verifier);
const OTHER = parseVerifierKey(parseSigningKey(newSigningKey('other.example')).verifier);
/** Of two streams, in turns; 600 of them are sealed. */
const EVENTS = 700;
const SEALED = 600;

/** The data of the event as a text, and others as JSON. */
function withDataText(line: string): string {
  const text = JSON.stringify((JSON.parse(line) as { data: unknown }).data);
  return line.replace('"data":', `"dataText":${JSON.stringify(text)},"data":`).replace('"n":', '"n":1');
}

describe.each(DATABASE_KINDS)('a log on %s that is exported', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let whole: string[];

  const pathOf = (name: string): string => join(nodes.database.folder, name);
  const textOf = async (name: string): Promise<string> => {
    const bytes = await readFile(pathOf(name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  };
  const exported = async (name: string, options: LogExportOptions = {}): Promise<string[]> => {
    await node.get(LogExport).run(pathOf(name), options);
    return (await textOf(name)).trimEnd().split('\n');
  };
  const verify = (name: string, keys = [VERIFIER]) => verifyExport(pathOf(name), { keys });
  const verified = async (lines: readonly string[]): Promise<string[]> => {
    await writeFile(pathOf('changed.ndjson'), lines.map((line) => `${line}\n`).join(''));
    const { ok, findings } = await verify('changed.ndjson');
    expect(ok).toBe(findings.length === 0);
    return findings.map(({ line, message }) => `${line ?? 'file'}: ${message}`);
  };

  const packed = async (): Promise<string> => {
    await exported('packed-part.ndjson.gz', { until: SEALED, checkpoint: true });
    return pathOf('packed-part.ndjson.gz');
  };

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind);
    node = await nodes.start({}, { imports: [ProofsModule.forRoot({ keys: [KEY], interval: 10 })] });
    const append = (from: number, to: number) =>
      node.log.append(
        ['sample-a', 'other-b'].map((stream) => ({
          stream,
          expected: 'any' as const,
          events: Array.from({ length: (to - from) / 2 }, (_, n) => ({
            type: 'samples.made',
            data: { n, text: 'ä "quoted"\n' },
            metadata: { actor: 'ann', custom: { note: n } },
            tags: n % 2 === 0 ? [{ name: 'n', value: `${stream}${from + n}` }] : [],
          })),
        })),
      );
    await append(0, SEALED);
    await node.get(Sealed).waitFor(SEALED, 20_000);
    whole = await exported('whole.ndjson', { checkpoint: true });
    await append(SEALED, EVENTS);
  });

  afterAll(() => nodes.drop());

  it('has each event as it is stored, with its tags', async () => {
    const lines = (await exported('plain.ndjson')).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ leftfold: 'log-export', after: 0, until: EVENTS, verifiable: 'nothing' });
    expect(lines.at(-1)).toEqual({ end: true, events: EVENTS });
    const [row] = await nodes.sql('select * from leftfold_events where position = 300');
    const tags = await nodes.sql('select tag from leftfold_event_tags where position = 299');
    expect(lines[300]).toEqual({
      position: 300,
      id: row!.event_id,
      stream: 'sample-a',
      version: 300,
      type: 'samples.made',
      typeVersion: 1,
      recordedAt: new Date(Number(row!.recorded_at)).toISOString(),
      actor: 'ann',
      correlationId: row!.correlation_id,
      data: JSON.parse(String(row!.data)) as unknown,
      metadata: { custom: { note: 299 } },
      tags: [],
    });
    expect(lines[299]).toMatchObject({ position: 299, tags: tags.map(({ tag }) => tag) });
    expect(tags).toHaveLength(1);
    await expect(verify('plain.ndjson')).rejects.toThrow('exported without a checkpoint');
    expect((await stat(pathOf('plain.ndjson'))).mode & 0o777).toBe(0o600);
  });

  it('verifies offline: whole, compressed, a range, and the lines of a category', async () => {
    expect(await verify('whole.ndjson')).toMatchObject({ ok: true, events: SEALED, size: SEALED, leftOut: 0 });
    await expect(verify('whole.ndjson', [OTHER])).rejects.toThrow('None of the known keys has signed it');
    await node.get(Sealed).waitFor(EVENTS, 20_000);
    await exported('packed.ndjson.gz', { checkpoint: true });
    expect(await verify('packed.ndjson.gz')).toMatchObject({ ok: true, events: EVENTS });
    for (const [after, until] of [
      [0, 256],
      [100, 300],
      [256, 512],
      [511, 690],
      [650, 650],
    ] as const) {
      const name = `from-${after}.ndjson`;
      await exported(name, { after, until, checkpoint: true });
      expect(await verify(name)).toMatchObject({ ok: true, events: until - after, size: EVENTS });
    }
    await exported('category.ndjson', { category: 'other', checkpoint: true });
    expect(await verify('category.ndjson')).toMatchObject({
      ok: true,
      header: { category: 'other', verifiable: 'lines' },
      events: EVENTS / 2,
      leftOut: EVENTS / 2,
    });
  });

  it('names a line that was changed, removed, swapped or inserted', async () => {
    const lineOf = (position: number): number => whole.findIndex((line) => line.startsWith(`{"position":${position},`));
    const at = lineOf(400);
    const moved = whole[at]!.replace('"position":400', '"position":401');
    expect(await verified(whole)).toEqual([]);
    expect(await verified(whole.with(at, whole[at]!.replace('"actor":"ann"', '"actor":"eve"')))).toEqual([
      `${at + 1}: The event at position 400 (other-b version 100, samples.made) was changed, or inserted, after it was sealed.`,
    ]);
    expect(await verified(whole.toSpliced(at, 1))).toEqual([
      expect.stringMatching(/^\d+: The event at position 400 is missing before this line\.$/),
      `file: The file has ${SEALED - 1} events, and had ${SEALED}.`,
    ]);
    expect(await verified(whole.toSpliced(at, 2, whole[at + 1]!, whole[at]!))).toEqual([
      `${at + 2}: The event at position 400 (other-b version 100, samples.made) comes after position 401: two lines were swapped.`,
    ]);
    expect(await verified(whole.with(at + 1, moved))).toEqual([
      `${at + 2}: The event at position 401 (other-b version 100, samples.made) was moved: it was sealed at position 400.`,
    ]);
    expect(await verified(whole.toSpliced(at, 0, whole[at]!))).toEqual([
      `${at + 2}: The event at position 400 (other-b version 100, samples.made) is there a second time: it was inserted.`,
      `file: The file has ${SEALED + 1} events, and had ${SEALED}.`,
    ]);
    expect(await verified(whole.with(at, '{'))).toContainEqual(
      `${at + 1}: This line is none of an export: it was changed, or inserted.`,
    );
  });

  it.each([
    ['another member', (line: string) => line.replace(/}$/, ',"data2":{}}')],
    ['the data twice', (line: string) => line.replace('"data":', '"data":{"forged":true},"data":')],
    ['other data beside their text', withDataText],
    ['the time in another form', (line: string) => line.replace(/("recordedAt":".*?)Z"/, '$1+00:00"')],
  ])('names a line with %s, which only some readers see', async (_what, change) => {
    const at = whole.findIndex((line) => line.startsWith('{"position":400,'));
    expect(await verified(whole.with(at, change(whole[at]!)))).toEqual([
      `${at + 1}: The line of the event at position 400 is not as an export writes it: it was changed, although the event in it was not.`,
    ]);
  });

  it('names what was added behind a compressed file', async () => {
    const bytes = await readFile(await packed());
    for (const more of [gzipSync('{"position":601}\n'), Buffer.from('more')]) {
      await writeFile(pathOf('added.ndjson.gz'), Buffer.concat([bytes, more]));
      expect(await verify('added.ndjson.gz')).toMatchObject({
        found: 1,
        findings: [{ message: 'This line is none of an export: it was changed, or inserted.' }],
      });
    }
  });

  it('does not believe the size that a compressed part says it has', async () => {
    const bytes = await readFile(await packed());
    bytes.fill(0xff, 16, 20);
    await writeFile(pathOf('damaged.ndjson.gz'), bytes);
    await expect(verify('damaged.ndjson.gz')).rejects.toThrow('This is no export of a log');
  });

  it('notices hashes, a checkpoint and a header that were changed, and a file that is not complete', async () => {
    const hashes = whole.findIndex((line) => line.startsWith('{"hashesFrom":257'));
    const forged = whole.with(hashes, whole[hashes]!.replace(/"hashes":"..../, '"hashes":"AAAA'));
    expect((await verified(forged)).at(-1)).toBe(
      'file: The hashes in the file were changed. The events are as they were signed.',
    );
    const both = forged.with(3, forged[3]!.replace('"actor":"ann"', '"actor":"eve"'));
    expect((await verified(both)).at(-1)).toContain('so no line can be believed');
    expect(await verified(whole.with(0, whole[0]!.replace(/"logId":"./, '"logId":"x')))).toEqual([
      expect.stringContaining('and the file of the log x'),
    ]);
    const end = JSON.parse(whole.at(-1)!) as { checkpoint: string };
    const signed = { ...end, checkpoint: end.checkpoint.replace(`\n${SEALED}\n`, `\n${SEALED - 1}\n`) };
    await expect(verified([...whole.slice(0, -1), JSON.stringify(signed)])).rejects.toThrow('is not for this text');
    await expect(verified(whole.slice(0, -1))).rejects.toThrow('The file is not complete');
  });

  it.each(['cut.ndjson', 'cut.ndjson.gz'])('goes on in %s where the last whole line ended', async (name) => {
    for (const options of [{}, { until: SEALED, checkpoint: true }, { category: 'sample' }]) {
      const file = `${JSON.stringify(options).length}-${name}`;
      await exported(file, options);
      const [bytes, text] = [await readFile(pathOf(file)), await textOf(file)];
      for (const share of [0.001, 0.3, 0.62, 0.99, 1]) {
        await truncate(pathOf(file), Math.floor(bytes.length * share));
        await node.get(LogExport).run(pathOf(file), options);
        expect((await textOf(file)) === text).toBe(true);
      }
    }
  });

  it('refuses a file that is something else, and positions that are not there', async () => {
    await writeFile(pathOf('letter.txt'), 'Dear Ann,\nhow are you?\n');
    await expect(exported('letter.txt')).rejects.toThrow('line 1 is none of an export');
    expect(await textOf('letter.txt')).toContain('Dear Ann');
    await expect(exported('whole.ndjson', { category: 'other' })).rejects.toThrow('Give the same options');
    await expect(exported('new.ndjson', { until: EVENTS + 1 })).rejects.toThrow('The log ends at position 700');
    await expect(exported('new.ndjson', { after: 9, until: 8 })).rejects.toThrow('nothing is between');
  });
});
