import { type AddCommands, asJson, someText } from '@leftfold/operations/cli';
import { Argument, type Command, Option } from 'commander';
import type {
  CosignArguments,
  ProveArguments,
  VerifyCertificateArguments,
  VerifyProofArguments,
  VerifyExportArguments,
  ConsistencyArguments,
  VerifyArguments,
  WitnessArguments,
  NewOriginArguments,
  NewKeyArguments,
} from './arguments.js';
import { positionOrEventId } from './position-or-event-id.js';

const several = (flags: string, about: string): Option =>
  new Option(flags, about).argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]);
const logKey = (): Option =>
  several('--key <key>', 'public key of the log; give it again for another one').makeOptionMandatory();

/** `proofs`: proves events, verifies proofs and the log, and witnesses checkpoints. Most of it also works offline. */
export const proofCommands: AddCommands = (program, cli) => {
  const proofs = program.command('proofs').description('Proves what is in the log, and verifies it, also offline.');

  proofs
    .command('prove')
    .summary('Prints the proof of an event.')
    .description('Prints a .tlog-proof: the event, the path to the root, and the last signed checkpoint.')
    .addArgument(
      new Argument('<position-or-event-id>', 'which event').argParser(positionOrEventId('<position-or-event-id>')),
    )
    .addOption(new Option('--cosigned', 'under the last checkpoint that a trusted witness has signed'))
    .addHelpText('after', '\nExample:\n  leftfold proofs prove 42 > event-42.tlog-proof')
    .action(async (which: number | string, options: ProveArguments) =>
      (await import('./prove.js')).prove(cli, which, options),
    );

  proofs
    .command('verify-proof <file>')
    .summary('Verifies the proof of an event, without a database.')
    .description('Verifies a .tlog-proof offline, and shows the event. Exit code 1 when it proves nothing.')
    .addOption(logKey())
    .addOption(new Option('--origin <origin>', 'the log that it must be of').argParser(someText('--origin')))
    .addOption(several('--witness <key>', 'public key of a witness that must have signed, too'))
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold proofs verify-proof event-42.tlog-proof --key "$(cat log.pub)"')
    .action(async (file: string, options: VerifyProofArguments) =>
      (await import('./verify-files.js')).verifyProofFile(cli, file, options),
    );

  addCertificateCommand(proofs, cli);

  proofs
    .command('verify-export <file>')
    .summary('Verifies an exported file, without a database.')
    .description(
      'Compares every line of a file of "log export --checkpoint" with the signed checkpoint in it, offline: a changed, removed, ' +
        'swapped or inserted line is named. Exit code 1 when it finds something.',
    )
    .addOption(logKey())
    .addOption(new Option('--origin <origin>', 'the log that it must be of').argParser(someText('--origin')))
    .addOption(several('--witness <key>', 'public key of a witness that must have signed, too'))
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold proofs verify-export log.ndjson.gz --key "$(cat log.pub)"')
    .action(async (file: string, options: VerifyExportArguments) =>
      (await import('./verify-export.js')).verifyExportedFile(cli, file, options),
    );

  proofs
    .command('consistency <old> [new]')
    .summary('Checks that a checkpoint only adds to an older one.')
    .description(
      'Checks that the tree of one checkpoint is the beginning of that of another, of files, or of the last checkpoint of the ' +
        'log. With --tiles it works offline, on a copy of what the log serves below /proofs. Exit code 1 when it is not.',
    )
    .addOption(logKey())
    .addOption(new Option('--tiles <folder>', 'folder with a copy of /proofs/tile; default: the tiles of the log'))
    .addOption(new Option('--request', 'print a request for a witness in place of an answer'))
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold proofs consistency last-year.checkpoint --key "$(cat log.pub)"')
    .action(async (old: string, recent: string | undefined, options: ConsistencyArguments) =>
      (await import('./check-consistency.js')).checkConsistency(cli, old, recent, options),
    );

  proofs
    .command('verify')
    .summary('Compares every event with the tree.')
    .description(
      'Compares every row of the log with the tree, and the tree with its signed checkpoint: a changed, removed, moved or ' +
        'inserted event is named. It only reads, and may run while the application runs. Exit code 1 when it finds something.',
    )
    .addOption(several('--key <key>', 'public key of the log that must have signed the checkpoint'))
    .addOption(new Option('--against <file>', 'an older checkpoint that the log must still have'))
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold proofs verify --against last-year.checkpoint && echo as it was')
    .action(async (options: VerifyArguments) => (await import('./verify-tree.js')).verifyTree(cli, options));

  proofs
    .command('witness <file>')
    .summary('Signs a checkpoint as a witness.')
    .description(
      'Reads a request of "proofs consistency --request", or a first checkpoint. It checks that the log only added to what ' +
        'this witness signed last, remembers the checkpoint, and prints a cosignature. It needs no database.',
    )
    .addOption(logKey())
    .addOption(new Option('--witness-key <file>', 'file with the private key of the witness').makeOptionMandatory())
    .addOption(new Option('--state <file>', 'remembers the last checkpoint; one for each log').makeOptionMandatory())
    .addHelpText(
      'after',
      '\nExample:\n  leftfold proofs witness request.txt --key "$(cat log.pub)" --witness-key w.key --state shop.checkpoint',
    )
    .action(async (file: string, options: WitnessArguments) =>
      (await import('./witness.js')).witness(cli, file, options),
    );

  addCosignCommand(proofs, cli);

  proofs
    .command('new-origin')
    .summary('Lets a log go on that was restored from an older backup.')
    .description(
      'Gives the log a new origin, so that auditors see that its history begins anew. Checkpoints that were signed before ' +
        'no longer bind it. Tell those who keep them.',
    )
    .addOption(
      new Option('--over <file>', 'the last checkpoint that was signed before, such as the file that remembers it'),
    )
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold proofs new-origin --over last-checkpoint')
    .action(async (options: NewOriginArguments) => (await import('./declare-origin.js')).newOrigin(cli, options));

  addKeyCommands(proofs, cli);
};

function addCosignCommand(proofs: Command, cli: Parameters<AddCommands>[1]): void {
  proofs
    .command('cosign <checkpoint> [signatures]')
    .summary('Stores what witnesses have signed, so that it is served.')
    .description(
      'Takes a checkpoint of this log, or the request for a witness that has it, and the lines that "proofs witness" has printed, in the same file or in another. ' +
        'It verifies them with the public keys of witnesses that are configured, and stores them.',
    )
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold proofs cosign request.txt witness-signature.txt')
    .action(async (file: string, signatures: string | undefined, options: CosignArguments) =>
      (await import('./cosign.js')).cosign(cli, file, signatures, options),
    );
}

function addCertificateCommand(proofs: Command, cli: Parameters<AddCommands>[1]): void {
  proofs
    .command('verify-certificate <file>')
    .summary('Verifies a certificate that a person is forgotten, without a database.')
    .description(
      'Verifies a certificate of forgetting offline: its signature, the proof of the event, and that the log only grew since ' +
        'the checkpoint before. Exit code 1 when it certifies nothing.',
    )
    .addOption(logKey())
    .addOption(new Option('--origin <origin>', 'the log that it must be of').argParser(someText('--origin')))
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold proofs verify-certificate ann.json --key "$(cat log.pub)"')
    .action(async (file: string, options: VerifyCertificateArguments) =>
      (await import('./verify-files.js')).verifyCertificateFile(cli, file, options),
    );
}

function addKeyCommands(proofs: Command, cli: Parameters<AddCommands>[1]): void {
  const key = proofs.command('key').description('Makes and shows keys.');

  key
    .command('new')
    .summary('Makes a key, and prints it.')
    .description('Makes a private key. With --out it goes to a new file, and the public key is printed.')
    .addOption(new Option('--name <name>', 'who signs, such as log.example.org').default('leftfold'))
    .addOption(new Option('--witness', 'a key for a witness'))
    .addOption(new Option('--out <file>', 'file for the private key; it must not exist'))
    .addHelpText('after', '\nExample:\n  leftfold proofs key new --name log.example.org --out log.key > log.pub')
    .action(async (options: NewKeyArguments) => (await import('./keys.js')).newKey(cli, options));

  key
    .command('show <file>')
    .description('Prints the public keys of a file with private keys.')
    .addHelpText('after', '\nExample:\n  leftfold proofs key show proof.key')
    .action(async (file: string) => (await import('./keys.js')).showKeys(cli, file));
}
