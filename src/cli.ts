import 'reflect-metadata';
import { runAsProcess } from '@leftfold/operations/cli';
import { leftfold } from './leftfold.js';

await runAsProcess(leftfold);
