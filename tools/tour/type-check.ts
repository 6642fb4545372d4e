import { join } from 'node:path';
import ts from 'typescript';

/** Checks types as `tsc --noEmit` does, in this process, and only those of some files. Parses again what has changed. */
export class TypeCheck {
  private program: ts.Program | undefined;
  private readonly parsed = new Map<string, ts.SourceFile>();

  /**
   * @param folder of the project
   * @param include what is checked, as in tsconfig.json
   */
  constructor(
    private readonly folder: string,
    private readonly include: readonly string[],
  ) {}

  /** Ends with 2 and prints the errors, as the compiler does. */
  run(): { readonly code: number; readonly output: string } {
    const { config } = ts.readConfigFile(join(this.folder, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    const { fileNames, options } = ts.parseJsonConfigFileContent(
      { ...config, include: this.include },
      ts.sys,
      this.folder,
    );
    if (fileNames.length === 0) throw new Error(`No file to check: ${this.include.join(', ')}.`);

    const program = ts.createProgram(fileNames, { ...options, noEmit: true }, this.host(options), this.program);
    this.program = program;
    const errors = program
      .getSourceFiles()
      .filter(({ fileName }) => fileNames.includes(fileName))
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    const output = ts.formatDiagnostics(errors, {
      getCurrentDirectory: () => this.folder,
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    });
    return { code: errors.length > 0 ? 2 : 0, output };
  }

  private host(options: ts.CompilerOptions): ts.CompilerHost {
    const host = ts.createCompilerHost(options);
    const parse = host.getSourceFile.bind(host);
    host.getSourceFile = (name, target, ...rest) => {
      const known = this.parsed.get(name);
      if (known && (name.includes('/node_modules/') || known.text === ts.sys.readFile(name))) return known;
      const file = parse(name, target, ...rest);
      if (file) this.parsed.set(name, file);
      return file;
    };
    return host;
  }
}
