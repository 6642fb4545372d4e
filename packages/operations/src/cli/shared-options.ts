import { Option } from 'commander';

/** Every command has this option. */
export const asJson = (what = 'print JSON for programs'): Option => new Option('--json', what);
