import type {
  AccessKeyRecord,
  IdentityRecord,
  PolicyRecord,
  PolicyVersionRecord,
  RoleRecord,
  UserRecord,
} from '../../identity/index.ts';
import type { XmlValue } from '../query/xml.ts';

/** Records as IAM shows them. */
export function toRole(role: RoleRecord): XmlValue {
  return {
    ...{ Path: role.path, RoleName: role.name, RoleId: role.id, Arn: role.arn, CreateDate: toTime(role.createdAt) },
    AssumeRolePolicyDocument: toEncoded(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    Tags: toTags(role),
    RoleLastUsed: {},
  };
}

export function toUser(user: UserRecord): XmlValue {
  const { path, name, id, arn, createdAt } = user;
  return { Path: path, UserName: name, UserId: id, Arn: arn, CreateDate: toTime(createdAt), Tags: toTags(user) };
}

export function toAccessKey(user: UserRecord, key: AccessKeyRecord, secret?: string): XmlValue {
  return {
    ...{ UserName: user.name, AccessKeyId: key.accessKeyId, Status: key.status, SecretAccessKey: secret },
    CreateDate: toTime(key.createdAt),
  };
}

export function toPolicy(policy: PolicyRecord, attachments: number): XmlValue {
  return {
    ...{ PolicyName: policy.name, PolicyId: policy.id, Arn: policy.arn, Path: policy.path },
    ...{ DefaultVersionId: policy.defaultVersion, AttachmentCount: attachments, PermissionsBoundaryUsageCount: 0 },
    IsAttachable: true,
    Description: policy.description,
    CreateDate: toTime(policy.createdAt),
    UpdateDate: toTime(policy.updatedAt),
    Tags: toTags(policy),
  };
}

/** Lists leave the document out. */
export function toPolicyVersion(
  policy: PolicyRecord,
  version: PolicyVersionRecord,
  shows: 'document' | 'summary' = 'summary',
): XmlValue {
  return {
    Document: shows === 'document' ? toEncoded(version.document) : undefined,
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: toTime(version.createdAt),
  };
}

export function toTags({ tags }: IdentityRecord): XmlValue {
  return Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }));
}

/** IAM percent-encodes policies in its answers. */
export function toEncoded(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function toTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
