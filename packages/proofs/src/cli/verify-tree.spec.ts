import { linesOf } from './verify-tree.js';

describe('a verified tree', () => {
  const report = { origin: 'leftfold/1', ok: true, sealed: 417, notYetSealed: 3, findings: [], found: 0 };

  it('is as it was sealed', () => {
    expect(linesOf(report)).toEqual(['The log is as it was sealed.', 'Compared: 417 sealed events; 3 not sealed yet.']);
  });

  it('says so when nothing is sealed, also where the tree was deleted', () => {
    expect(linesOf({ ...report, sealed: 0, notYetSealed: 420 })).toEqual([
      'Nothing of this log is sealed.',
      'Compared: 0 sealed events; 420 not sealed yet.',
    ]);
  });
});
