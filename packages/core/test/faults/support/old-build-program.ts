import 'reflect-metadata';
import { MADE, ThingMade } from '../../builds/things.js';
import { runBuild } from './run-build.js';

await runBuild([ThingMade], [MADE]);
