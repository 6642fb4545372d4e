export interface VerifyProofArguments {
  readonly key: readonly string[];
  readonly origin?: string;
  readonly witness?: readonly string[];
  readonly json?: boolean;
}

export interface VerifyCertificateArguments {
  readonly key: readonly string[];
  readonly origin?: string;
  readonly json?: boolean;
}

export type VerifyExportArguments = VerifyProofArguments;

export interface ConsistencyArguments {
  readonly key: readonly string[];
  readonly tiles?: string;
  readonly request?: boolean;
  readonly json?: boolean;
}

export interface VerifyArguments {
  readonly key?: readonly string[];
  readonly against?: string;
  readonly json?: boolean;
}

export interface WitnessArguments {
  readonly key: readonly string[];
  readonly witnessKey: string;
  readonly state: string;
}

export interface NewOriginArguments {
  readonly over?: string;
  readonly json?: boolean;
}

export interface NewKeyArguments {
  readonly name: string;
  readonly witness?: boolean;
  readonly out?: string;
}

export interface ProveArguments {
  readonly cosigned?: boolean;
}

export interface CosignArguments {
  readonly json?: boolean;
}
