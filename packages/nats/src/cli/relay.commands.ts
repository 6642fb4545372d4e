import { type AddCommands, asJson, wholeNumber } from '@leftfold/operations/cli';
import { Option } from 'commander';

/**
 * `relay republish`.
 * @param remedy what to do when the application publishes to no broker, as a sentence; default: about `NatsModule`
 */
export function relayCommands(remedy = 'Give NatsModule the URL of one.'): AddCommands {
  return (program, cli) => {
    const relay = program.command('relay').description('Looks after the hand-over of events to the broker.');

    relay
      .command('republish')
      .summary('Publishes events of the log to the broker again.')
      .description(
        'Publishes events of the log again, from a position up to the checkpoint of the subscription, for a broker that has ' +
          'lost some or never had them. It may run beside the application, which publishes later events meanwhile.',
      )
      .addOption(
        new Option('--from <position>', 'position of the first event')
          .argParser(wholeNumber('--from', 1))
          .makeOptionMandatory(),
      )
      .addOption(asJson())
      .addHelpText('after', '\nExample:\n  leftfold relay republish --from 1')
      .action(async (options: { from: number; json?: boolean }) =>
        (await import('./republish.js')).republish(cli, { ...options, remedy }),
      );
  };
}
