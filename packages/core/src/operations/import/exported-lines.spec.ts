import { ExportedLines } from './exported-lines.js';

const HEADER = { leftfold: 'log-export', format: 1, logId: 'x', after: 0, until: 1, verifiable: 'nothing' } as const;

describe('an export that was cut off', () => {
  it.each(['{"position":1,"i', ''])('is not complete, when it ends with %j', (rest) => {
    const lines = new ExportedLines(HEADER);
    lines.read(JSON.stringify(HEADER), 1, true);
    expect(lines.read(rest, 2, false)).toBeUndefined();
    expect(() => lines.finish()).toThrow('The file is not complete');
  });

  it('is no export, when something follows its end', () => {
    const lines = new ExportedLines(HEADER);
    lines.read('{"end":true,"events":0}', 2, true);
    expect(() => lines.read('', 3, false)).toThrow('this is no line of an export');
  });
});
