import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { RecordedEvent } from '@leftfold/core';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { COLUMNS, SCHEMA } from './parquet-columns.js';

/** About so many characters of data and metadata are in a row group, which is held in memory. */
const ROW_GROUP = 16_000_000;
/** And at most so many events. */
const LONGEST_ROW_GROUP = 100_000;

/** A Parquet file that is being written. It has its name once it is complete, because a part of one can't be read. */
export class ParquetFile {
  private readonly bytes = new ByteWriter();
  private readonly writer: ParquetWriter;
  private group: RecordedEvent[] = [];
  private size = 0;
  private count = 0;

  private constructor(
    private readonly path: string,
    private readonly part: string,
    private readonly file: FileHandle,
    private readonly rowGroup: number,
  ) {
    this.writer = new ParquetWriter({ writer: this.bytes, schema: SCHEMA, createdBy: 'leftfold' });
  }

  /**
   * Readable by its owner only.
   * @param path where it is once it is complete
   * @param rowGroup the characters of data and metadata after which a row group ends
   */
  static async open(path: string, rowGroup = ROW_GROUP): Promise<ParquetFile> {
    const part = `${path}.part`;
    return new ParquetFile(path, part, await open(part, 'w', 0o600), rowGroup);
  }

  /** Number of events so far. */
  get events(): number {
    return this.count;
  }

  async add(events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      this.group.push(event);
      this.size += event.dataText.length + event.metadataText.length;
    }
    this.count += events.length;
    if (this.size >= this.rowGroup || this.group.length >= LONGEST_ROW_GROUP) await this.writeGroup();
  }

  /** Settles when its content is on the disk and it has its name. */
  async complete(): Promise<void> {
    await this.writeGroup();
    await this.writer.finish();
    await this.store();
    await this.file.sync();
    await this.file.close();
    await rename(this.part, this.path);
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    await this.file.close();
    await rm(this.part, { force: true });
  }

  private async writeGroup(): Promise<void> {
    const { group } = this;
    if (group.length === 0) return;
    [this.group, this.size] = [[], 0];
    const columnData = COLUMNS.map(({ name, of }) => ({ name, data: group.map(of) }));
    await this.writer.write({ columnData, rowGroupSize: group.length });
    await this.store();
  }

  private async store(): Promise<void> {
    await this.file.appendFile(this.bytes.getBytes());
    this.bytes.index = 0;
  }
}
