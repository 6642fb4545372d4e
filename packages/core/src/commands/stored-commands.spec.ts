import { CommandHandler } from '@nestjs/cqrs';
import { StoredCommand } from './stored-command.decorator.js';
import { StoredCommands } from './stored-commands.js';

@StoredCommand('parcels.weigh', 3, {
  upcasters: { 1: ({ kg }) => ({ grams: Number(kg) * 1000 }), 2: ({ grams }) => ({ grams, unit: 'g' }) },
})
class WeighCommand {
  readonly constructed = true;
  constructor(
    readonly grams: number,
    readonly unit: string,
  ) {}

  get kilograms(): number {
    return this.grams / 1000;
  }
}

@CommandHandler(WeighCommand)
class WeighHandler {
  async execute(): Promise<void> {}
}

class PlainCommand {}

@CommandHandler(PlainCommand)
class PlainHandler {
  async execute(): Promise<void> {}
}

describe('stored commands', () => {
  const commands = new StoredCommands();
  commands.addHandler(WeighHandler);
  commands.addHandler(PlainHandler);

  it('are revived as their class without running the constructor', () => {
    const stored = commands.toStored(new WeighCommand(2_000, 'g'));
    expect(stored).toEqual({
      name: 'parcels.weigh',
      version: 3,
      data: '{"grams":2000,"unit":"g","constructed":true}',
    });
    const revived = commands.revive({ ...stored, data: '{"grams":2000,"unit":"g"}' }) as WeighCommand;
    expect(revived).toBeInstanceOf(WeighCommand);
    expect(revived.kilograms).toBe(2);
    expect(revived.constructed).toBeUndefined();
  });

  it('of an earlier version are upcast to the version of the class', () => {
    expect(commands.revive({ name: 'parcels.weigh', version: 1, data: '{"kg":2}' })).toEqual({
      grams: 2000,
      unit: 'g',
    });
    expect(commands.revive({ name: 'parcels.weigh', version: 2, data: '{"grams":1}' })).toEqual({
      grams: 1,
      unit: 'g',
    });
  });

  it.each([
    [{ name: 'parcels.weigh', version: 4, data: '{}' }, /version 4 of "parcels.weigh".*up to 3. Deploy/],
    [{ name: 'parcels.lose', version: 1, data: '{}' }, /registered for the stored command "parcels.lose"/],
  ])('are not revived from %j', (stored, sentence) => {
    expect(() => commands.revive(stored)).toThrow(sentence);
  });

  it('can be registered twice, and other commands need no name', () => {
    expect(() => commands.addHandler(WeighHandler)).not.toThrow();
    expect(() => commands.toStored(new PlainCommand())).toThrow(/PlainCommand can't be stored. Put @StoredCommand/);
  });

  it.each([
    [() => StoredCommand('Weigh', 1), /write the name as/],
    [() => StoredCommand('parcels.weigh', 0), /positive integer/],
    [() => StoredCommand('parcels.weigh', 2), /commands of version 1 may be waiting. Add upcasters/],
    [() => StoredCommand('parcels.weigh', 1, { upcasters: { 1: (data) => data } }), /leads beyond version 1/],
  ])('are refused when they are declared wrongly (%#)', (decorate, sentence) => {
    expect(() => decorate()(PlainCommand)).toThrow(sentence);
  });
});
