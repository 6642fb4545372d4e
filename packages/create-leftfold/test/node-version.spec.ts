import { refusalOfNode } from '../lib/node-version.js';

it.each(['22.12.0', '22.13.1', '24.0.0', '26.10.0'])('Node.js %s is new enough', (version) =>
  expect(refusalOfNode(version)).toBeUndefined(),
);

it.each(['22.11.0', '20.20.0', '18.0.0'])('Node.js %s is too old', (version) =>
  expect(refusalOfNode(version)).toBe(
    `This is Node.js ${version}; Leftfold needs 22.12 or later. Install it from https://nodejs.org.`,
  ),
);
