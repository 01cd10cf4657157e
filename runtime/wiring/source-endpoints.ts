import type { Config } from '../config.ts';
import type { SourceEndpoint } from '../sources/source-endpoint.ts';

/** Where sources are that are not here; undefined where nothing was configured. */
export interface SourceEndpoints {
  readonly sqs: SourceEndpoint | undefined;
  readonly kinesis: SourceEndpoint | undefined;
  readonly dynamodb: SourceEndpoint | undefined;
}

export function toSourceEndpoints(config: Config): SourceEndpoints {
  const { sourcesAccessKeyId: accessKeyId, sourcesSecretAccessKey: secretAccessKey } = config;
  const at = (endpoint: string | undefined): SourceEndpoint | undefined =>
    endpoint === undefined ? undefined : { endpoint, accessKeyId, secretAccessKey };
  return {
    sqs: at(config.sqsEndpoint),
    kinesis: at(config.kinesisEndpoint),
    dynamodb: at(config.dynamodbStreamsEndpoint),
  };
}
