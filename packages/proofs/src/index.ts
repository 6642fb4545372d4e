export { type Checkpoint, checkpointText, parseCheckpoint, type SignedCheckpoint } from './notes/checkpoint.js';
export {
  type KeyPurpose,
  MalformedKeyError,
  newSigningKey,
  parseSigningKey,
  parseVerifierKey,
  type SigningKey,
  type VerifierKey,
} from './notes/keys.js';
export { formatNote, MalformedNoteError, type NoteSignature, parseNote, type SignedNote } from './notes/note.js';
export { formatProof, parseProof, type ProofFile } from './notes/proof-file.js';
export { signNote, UnverifiedNoteError, type Verified, verifyNote } from './notes/signing.js';
export { decodeRecord, encodeRecord, type EventRecord, recordOf, UnreadableRecordError } from './records/record.js';
export {
  type CertificateFacts,
  type ForgettingCertificate,
  parseCertificate,
  signCertificate,
  signedText,
} from './forgetting/certificate.js';
export {
  type CertifiedForgetting,
  verifyCertificate,
  type VerifyCertificateOptions,
} from './forgetting/verify-certificate.js';
export { ForgettingCertificates, type Sealing } from './forgetting/forgetting-certificates.js';
export { ProofAccess } from './http/proof-access.js';
export { type ProofsAsyncOptions, ProofsModule, type ProofsModuleOptions } from './proofs.module.js';
export { type ProvedEvent } from './proving/proved-event.js';
export { Proofs } from './proving/proofs.js';
export { EventChangedError, EventNotFoundError, NoSuchTileError, NotSealedYetError } from './proving/proving.errors.js';
export type { ProofsOptions, ResolvedProofsOptions } from './sealing/proofs-options.js';
export { Sealed } from './sealing/sealed.js';
export { OtherHistoryError } from './sealing/sealing.errors.js';
export { type DeclaredOrigin, declareNewOrigin } from './verifying/new-origin.js';
export type { TreeFinding } from './verifying/tree-finding.js';
export type { HashTile, Tile } from './tree/tile.js';
export { type TreeReport, TreeVerifier, type TreeVerifyOptions } from './verifying/tree-verifier.js';
export { InvalidProofError, type RequiredSigners, type Signer } from './verifying/signers.js';
export {
  type ExportFinding,
  type ExportReport,
  verifyExport,
  type VerifyExportOptions,
} from './verifying/verify-export.js';
export { type ProvedFact, verifyProof } from './verifying/verify-proof.js';
export { CosignatureRefusedError, NotCosignedYetError } from './witnessing/cosigning.errors.js';
export { Cosignatures, type StoredCosignatures } from './witnessing/cosignatures.js';
export { NotWitnessedError, Witness } from './witnessing/witness.js';
export { formatWitnessRequest, parseWitnessRequest, type WitnessRequest } from './witnessing/witness-request.js';
