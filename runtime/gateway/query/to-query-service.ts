import type { Authorizer } from '../../contract/authorizer.ts';
import { perform } from '../service/perform.ts';
import type { Input, Service, ServiceOperation } from '../service/service.ts';
import type { QueryOperation, QueryRequest, QueryService } from './query-operation.ts';
import { fromForm } from './shaped-form.ts';
import { toXmlValue } from './shaped-xml.ts';

/** The Query side of a service that says in shapes what goes in and out. */
export function toQueryService(service: Service & { query: object }, authorizer: Authorizer): QueryService {
  const { name, bodyBytes, toRefusal, query } = service;
  const { version, namespace, pathMember } = query;
  return {
    ...{ name, version, namespace, bodyBytes, toRefusal },
    operations: service.operations.map((operation) => toQueryOperation(operation, pathMember, authorizer)),
  };
}

function toQueryOperation(
  operation: ServiceOperation,
  pathMember: string | undefined,
  authorizer: Authorizer,
): QueryOperation {
  return {
    name: operation.name,
    isLink: operation.isLink,
    async handle(request) {
      const { caller, exchange } = request;
      const input = readInput(operation, request, pathMember);
      const output = await perform(operation, input, { caller, exchange, authorizer });
      return operation.output === undefined ? undefined : toXmlValue(operation.output, output ?? {});
    },
  };
}

function readInput({ input }: ServiceOperation, request: QueryRequest, pathMember: string | undefined): Input {
  const read = fromForm(input, request.form.parameters);
  const { rawPath } = request.exchange.head;
  if (pathMember === undefined || rawPath === '/' || input.members[pathMember] === undefined) return read;
  return { [pathMember]: rawPath, ...read };
}
