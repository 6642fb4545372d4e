import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { comparable } from '../../tools/tour/expected-output.js';
import { startCommandsIn, tourIn } from '../../tools/tour/readme-tour.js';
import { runTour } from '../../tools/tour/tour-session.js';

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`;

describe('reading a README', () => {
  const readme = [
    '# Title\n',
    fenced('bash', `git clone x\nnpm ci && npm start`),
    fenced('bash', 'DATABASE_URL=postgres://elsewhere node x.js'),
    '<!-- tour:start -->\nSign in:\n',
    fenced('bash', 'A=1'),
    'and read\n',
    fenced('bash', 'echo $A\necho 2'),
    fenced('text', '1\n2'),
    fenced('ts', 'not part of it'),
    fenced('bash', 'echo {}'),
    fenced('json', '{}'),
    '<!-- tour:end -->\n',
    fenced('bash', 'rm -rf everything'),
  ].join('');

  it('finds the commands between the markers, and the output of each', () => {
    const lines = readme.split('\n');

    const steps = tourIn(readme);

    expect(steps).toEqual([
      { line: lines.indexOf('A=1') + 1, commands: 'A=1\n' },
      {
        line: lines.indexOf('echo $A') + 1,
        commands: 'echo $A\necho 2\n',
        expected: { format: 'text', text: '1\n2\n' },
      },
      { line: lines.indexOf('echo {}') + 1, commands: 'echo {}\n', expected: { format: 'json', text: '{}\n' } },
    ]);
  });

  it('finds the command that starts the app, and installs nothing', () => {
    const withVariables = readme.replace('npm ci && npm start', 'export A=1\nB=2 \\\n  npm start');

    expect(startCommandsIn(readme)).toBe('npm start');
    expect(startCommandsIn(withVariables)).toBe('export A=1\nB=2    npm start');
  });

  it('refuses a README without a tour, and an output without a command', () => {
    expect(() => tourIn('# Title')).toThrow('no <!-- tour:start -->');
    expect(() => tourIn(`<!-- tour:start -->\n${fenced('text', '1')}<!-- tour:end -->`)).toThrow('no command stands');
  });
});

describe('comparing an output', () => {
  const json = (text: string, output: string) => comparable({ format: 'json', text }, output);
  const text = (expected: string, output: string) => comparable({ format: 'text', text: expected }, output);

  it('matches ids, times and tokens', () => {
    const { actual, expected } = json(
      '{ "id": "<uuid>", "at": "2026-01-31T12:00:00.000Z", "accessToken": "<token>" }',
      '{"at":"2030-05-05T01:02:03Z","accessToken":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s_g-n","id":"01985b1c-0000-7000-8000-000000000000"}',
    );

    expect(actual).toEqual(expected);
  });

  it('ignores durations', () => {
    const { actual, expected } = text('PASS a.spec.ts\n', 'PASS a.spec.ts (5.997 s)\n');

    expect(actual).toEqual(expected);
  });

  it('reports a wrong value, a missing key and an additional key', () => {
    for (const output of ['{"a":2}', '{}', '{"a":1,"b":2}', 'no JSON', '[{"a":1}]']) {
      const { actual, expected } = json('{ "a": 1 }', output);
      expect(actual).not.toEqual(expected);
    }
  });

  it('an ellipsis matches the rest of an object and of a list', () => {
    const shown = '{ "items": [{ "type": "a", "...": "..." }, "..."], "...": "..." }';

    const right = json(shown, '{"items":[{"type":"a","position":1},{"type":"b"}],"nextCursor":null}');
    const wrong = json(shown, '{"items":[{"type":"b","position":1},{"type":"b"}],"nextCursor":null}');

    expect(right.actual).toEqual(right.expected);
    expect(wrong.actual).not.toEqual(wrong.expected);
  });

  it('compares text line by line, headers too', () => {
    const headers = 'HTTP/1.1 200 OK\r\ndate: Sat, 31 Jan 2026 12:00:00 GMT\r\netag: "2"\r\n\r\n';

    const right = text('HTTP/1.1 200 OK\n...\netag: "2"\n', headers);
    const exact = text('HTTP/1.1 200 OK\ndate: <time>\netag: "2"', headers);
    const wrong = text('HTTP/1.1 200 OK\n...\netag: "3"\n', headers);
    const short = text('HTTP/1.1 200 OK\n', headers);

    expect(right.actual).toEqual(right.expected);
    expect(exact.actual).toEqual(exact.expected);
    expect(wrong.actual).not.toEqual(wrong.expected);
    expect(short.actual).not.toEqual(short.expected);
  });
});

describe('running a tour', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => response.end(`${request.method} ${request.url} of ${url}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('keeps variables from block to block, and sends requests to the running server', async () => {
    const outputs = await runTour(
      [
        { line: 1, commands: `NAME=$(printf ada)\n` },
        { line: 5, commands: `curl -s \\\n  http://127.0.0.1:3000/users/$NAME\necho\necho 'second "line"'\n` },
      ],
      url,
    );

    expect(outputs).toEqual(['', 'GET /users/ada of http://127.0.0.1:3000\nsecond "line"\n']);
  });

  it.each([
    ['a command', 'echo before\nfalse\necho after'],
    ['a command in the middle of a pipe', 'false | cat'],
    ['a command inside an assignment', 'X=$(false)'],
    ['a variable that was never set', 'echo $NOBODY_SET_THIS'],
  ])('stops at %s that fails, and reports where', async (_, commands) => {
    const steps = [
      { line: 3, commands: 'echo fine' },
      { line: 7, commands },
      { line: 12, commands: 'echo never' },
    ];

    await expect(runTour(steps, url)).rejects.toThrow(/line 7 of README\.md failed \(1\)\.\n.*(failed: |NOBODY)/);
  });
});
