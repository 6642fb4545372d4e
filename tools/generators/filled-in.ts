import type { ProjectInMemory } from './generate.js';

/** What the developer of a feature `returns` writes into what was generated, step by step. */

const AGGREGATE = 'src/returns/domain/return.aggregate.ts';
const FIXTURES = 'src/returns/testing/return.fixtures.ts';
const VIEW = 'src/returns/read-models/return-view';

/** What the events say, before anything is generated that takes it over. */
export function fillInEvents(project: ProjectInMemory): void {
  project.edit('src/returns/events/return-requested.event.ts', [
    'constructor(readonly returnId: string) {}',
    `constructor(
    readonly returnId: string,
    readonly orderId: string,
    readonly reason: string,
    readonly requestedAt: string,
  ) {}`,
  ]);
  project.edit('src/returns/events/return-refused.event.ts', [
    'constructor(readonly returnId: string) {}',
    'constructor(\n    readonly returnId: string,\n    readonly reason: string,\n  ) {}',
  ]);
  project.edit(
    FIXTURES,
    [
      '() => new ReturnRequested(RETURN_ID)',
      `(reason = 'It broke.') =>
  new ReturnRequested(RETURN_ID, RETURN_ID, reason, '2026-01-31T12:00:00.000Z')`,
    ],
    ['new ReturnRefused(RETURN_ID)', "new ReturnRefused(RETURN_ID, 'It looks fine.')"],
  );
}

/** The cases that the compiler asks for. */
export function fillInEvolve(project: ProjectInMemory): void {
  project.edit(
    AGGREGATE,
    [
      '      default:',
      `      case 'returns.return-approved':
        this.decided = 'approved';
        return;
      case 'returns.return-refused':
        this.decided = 'refused';
        return;
      default:`,
    ],
    [
      'extends AggregateRoot<ReturnEvent> {',
      "extends AggregateRoot<ReturnEvent> {\n  private decided: 'approved' | 'refused' | undefined;\n",
    ],
  );
}

/** When a decision is ignored and when refused, with the tests that are to be written. */
export function fillInRules(project: ProjectInMemory): void {
  project.edit(
    AGGREGATE,
    [
      'this.apply(new ReturnApproved(this.id));',
      `if (this.decided === 'approved') return;
    if (this.decided) throw ReturnDecidedError.already(this.decided);
    this.apply(new ReturnApproved(this.id));`,
    ],
    [
      'this.apply(new ReturnRefused(this.id, reason));',
      `if (this.decided === 'refused') return;
    if (this.decided) throw ReturnDecidedError.already(this.decided);
    this.apply(new ReturnRefused(this.id, reason));`,
    ],
    ['import { ReturnNotFoundError }', 'import { ReturnDecidedError, ReturnNotFoundError }'],
  );
  const errors = 'src/returns/domain/return.errors.ts';
  project.edit(errors, [
    'export class ReturnNotFoundError',
    `export class ReturnDecidedError extends ExpectedError {
  readonly code = 'return-decided';
  readonly kind = 'broken-rule';

  static already(decided: string): ReturnDecidedError {
    return new ReturnDecidedError(\`The return is \${decided} already.\`);
  }
}

export class ReturnNotFoundError`,
  ]);
  const question = "expectToBeWritten('given what is it ignored, and given what refused, with which error?')";
  project.edit(
    'src/returns/domain/return.aggregate.spec.ts',
    [
      `it('is approved once, and not when ...', () =>\n    ${question});`,
      `it('is approved once, and not when it is refused', () => {
    const asked = specOf(Return, RETURN_ID).given(aRequestedReturn());
    asked
      .given(anApprovedReturn())
      .when((it) => it.approve())
      .thenNothing();
    asked
      .given(aRefusedReturn())
      .when((it) => it.approve())
      .thenFails(ReturnDecidedError);
  });`,
    ],
    [
      `it('is refused once, and not when ...', () =>\n    ${question});`,
      `it('is refused once, and not when it is approved', () => {
    const asked = specOf(Return, RETURN_ID).given(aRequestedReturn());
    asked
      .given(aRefusedReturn())
      .when((it) => it.refuse('again'))
      .thenNothing();
    asked
      .given(anApprovedReturn())
      .when((it) => it.refuse('late'))
      .thenFails(ReturnDecidedError);
  });`,
    ],
    [
      "import { expectToBeWritten, specOf } from '@leftfold/core/testing';",
      "import { specOf } from '@leftfold/core/testing';",
    ],
    ['import { ReturnNotFoundError }', 'import { ReturnDecidedError, ReturnNotFoundError }'],
  );
}

/** One more column, and what the events do to it. */
export function fillInReadModel(project: ProjectInMemory, migration: string): void {
  project.edit(`${VIEW}/return-view.entity.ts`, [
    '  /** Version of the stream. */',
    "  @Column({ type: 'text' })\n  status: string;\n\n  /** Version of the stream. */",
  ]);
  project.edit(migration, ['version integer', 'status text not null,\n         version integer']);
  project.edit(`${VIEW}/evolve-return-view.ts`, [
    `    case 'returns.return-requested':
    case 'returns.return-approved':
    case 'returns.return-refused':
      return row;`,
    `    case 'returns.return-requested':
      return Object.assign(row, { status: 'requested' });
    case 'returns.return-approved':
      return Object.assign(row, { status: 'approved' });
    case 'returns.return-refused':
      return Object.assign(row, { status: 'refused' });`,
  ]);
}

/** A return without a reason is refused. */
export function fillInSaga(project: ProjectInMemory): void {
  project.edit(
    'src/returns/sagas/return-check.saga.ts',
    [
      `      map(({ returnId }): ICommand => {
        throw new Error(
          \`returns.return-check does not emit a command yet when ReturnRequested has happened to \${returnId}.\`,
        );
      }),`,
      `      filter(({ reason }) => reason === 'none'),
      map(({ returnId }) => new RefuseReturnCommand(returnId, 'Say why.')),`,
    ],
    ['import { map, type Observable }', 'import { filter, map, type Observable }'],
    [
      "import { ReturnRequested } from '../events/return-requested.event.js';\n",
      `import { RefuseReturnCommand } from '../commands/refuse-return/refuse-return.command.js';
import { ReturnRequested } from '../events/return-requested.event.js';\n`,
    ],
  );
  project.edit(
    'src/returns/sagas/return-check.saga.spec.ts',
    [
      `  it('emits the next command when ReturnRequested has happened', () =>
    saga.given(aRequestedReturn()).expectCommands([]));`,
      `  it('refuses what has no reason', async () => {
    await saga.given(aRequestedReturn()).expectNothing();
    await saga.given(aRequestedReturn('none')).expectCommands([new RefuseReturnCommand(RETURN_ID, 'Say why.')]);
  });`,
    ],
    [
      "import { aRequestedReturn } from '../testing/return.fixtures.js';",
      `import { RefuseReturnCommand } from '../commands/refuse-return/refuse-return.command.js';
import { aRequestedReturn, RETURN_ID } from '../testing/return.fixtures.js';`,
    ],
  );
}

/** The warehouse gets a mail. */
export function fillInSideEffect(project: ProjectInMemory): void {
  const folder = 'src/returns/side-effects/return-mail';
  project.edit(
    `${folder}/return-mail.handler.ts`,
    [
      `  async handle({ returnId }: ReturnApproved, { eventId }: EventContext): Promise<void> {
    throw new Error(
      \`returns.return-mail has no side effect yet when ReturnApproved has happened to \${returnId} (event \${eventId}).\`,
    );
  }`,
      `  constructor(private readonly mailer: Mailer) {}

  async handle({ returnId }: ReturnApproved, { eventId, recordedAt }: EventContext): Promise<void> {
    const [to, subject] = ['returns@example.com', 'A return is coming'];
    await this.mailer.send({ id: \`return-mail.\${eventId}\`, to, subject, text: \`\${returnId}\\n\`, date: recordedAt });
  }`,
    ],
    [
      'import { ReturnApproved } from',
      "import { Mailer } from '../../../platform/mail/mailer.js';\nimport { ReturnApproved } from",
    ],
  );
  project.edit(
    `${folder}/return-mail.handler.spec.ts`,
    [
      `it('performs its side effect when ReturnApproved has happened', async () => {
  await expect(new ReturnMailHandler().handle(anApprovedReturn(), CONTEXT)).resolves.toBeUndefined();
});`,
      `it('tells the warehouse', async () => {
  const sent: Mail[] = [];
  const mailer: Mailer = { send: (mail) => Promise.resolve(void sent.push(mail)) };

  await new ReturnMailHandler(mailer).handle(anApprovedReturn(), CONTEXT);

  expect(sent).toEqual([expect.objectContaining({ to: 'returns@example.com', text: \`\${RETURN_ID}\\n\` })]);
});`,
    ],
    [
      'import { anApprovedReturn, RETURN_ID }',
      "import type { Mail, Mailer } from '../../../platform/mail/mailer.js';\nimport { anApprovedReturn, RETURN_ID }",
    ],
  );
}
