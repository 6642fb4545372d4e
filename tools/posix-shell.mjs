// Ends with 0 where npm's shell has `exec`. A program that replaces the shell gets the SIGTERM that npm sends it.
process.exit(process.platform === 'win32' ? 1 : 0);
