import 'reflect-metadata';
import { RENAMED, ThingRenamed } from '../../builds/thing-renamed.js';
import { MADE, ThingMade } from '../../builds/things.js';
import { runBuild } from './run-build.js';

await runBuild([ThingMade, ThingRenamed], [MADE, MADE, RENAMED]);
