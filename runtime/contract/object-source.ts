/** Names an object in a bucket, or one of its versions. */
export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string;
}

/** Reads a package from where its owner keeps it. Throws a LambdaError in Lambda's words when it cannot. */
export type ObjectSource = (object: ObjectName) => Promise<Uint8Array>;
