/**
 * The AssemblyScript SDK: what a function may say to Isola and hear from it.
 *
 *     import { Json } from "isola";
 *
 *     export function handler(event: string): string {
 *       const name = Json.parse(event).get("name").stringOr("world");
 *       return Json.object().set("message", "Hello, " + name + "!").toString();
 *     }
 */
export { base64 } from "./base64";
export { HostError } from "./call";
export { Context, context } from "./context";
export { env } from "./env";
export { fail } from "./fail";
export { FetchRequest, FetchResponse, fetch } from "./fetch";
export { HttpRequest } from "./http/request";
export { HttpResponse } from "./http/response";
export { Router } from "./http/router";
export { InvokeResult, invoke, invokeAsync } from "./invoke";
export { Json } from "./json/json";
export { Kv, KvChange, KvEntry, KvKey, KvPage, kv } from "./kv";
export { log } from "./log";
export { MessageOptions, Queue, SentMessage } from "./queue";
export { random } from "./random";
export { ResponseStream } from "./response-stream";
export { Bucket, BucketPage, ObjectSummary, S3Object, S3Put, S3Removal } from "./s3";
export { S3Record, s3Records } from "./s3-event";
export { time } from "./time";
export { utf8 } from "./utf8";
