import { toXml, type XmlValue } from '../query/xml.ts';
import { XML_HEAD } from './s3-errors.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A whole document, its root in S3's namespace. */
export function toDocument(name: string, value: XmlValue): string {
  return `${XML_HEAD}${toXml(name, value).replace(`<${name}>`, `<${name} xmlns="${NAMESPACE}">`)}`;
}
