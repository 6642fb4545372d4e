import 'reflect-metadata';
import { leftfold } from './leftfold.js';
import { runAsProcess } from './platform/cli/run-as-process.js';

await runAsProcess(leftfold);
