import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The certificate of one forgetting. It never changes. */
@Entity('leftfold_forgetting_certificates')
export class CertificateEntity {
  @PrimaryColumn({ type: 'text' })
  subject: string;

  /** JSON, see `ForgettingCertificate`. */
  @Column({ type: 'text' })
  certificate: string;
}
