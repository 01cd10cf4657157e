/** Lambda's limits and ours, each with its unit. Source: AWS, "Lambda quotas". */

export const KIB = 1024;
export const MIB: number = 1024 * KIB;
export const WASM_PAGE_BYTES: number = 64 * KIB;
/** wasm32 ends here: 65,536 pages, 4,096 MiB. */
export const WASM32_MAX_PAGES = 65_536;
/** V8 ends memories with 64-bit addresses here: 16 GiB. */
export const WASM64_MAX_PAGES = 262_144;

export const TIMEOUT_SECONDS = { min: 1, max: 900, default: 3 } as const;
export const MEMORY_MB = { min: 128, max: 10_240, default: 128 } as const;
/** Lambda gives a function of this MemorySize one core. */
export const MEMORY_MB_PER_CORE = 1_769;
export const EPHEMERAL_STORAGE_MB = { min: 512, max: 10_240, default: 512 } as const;

/** Synchronous request payload: AWS answers 413 above this many bytes. */
export const SYNC_REQUEST_BYTES = 6_291_456;
/** Synchronous response payload: AWS lets a hundred bytes more through. */
export const SYNC_RESPONSE_BYTES = 6_291_556;
/** Streamed response payload: AWS documents 200 MB. */
export const STREAM_BYTES: number = 200 * MIB;
/** A guest may stream this far ahead of its client, in bytes: what a buffered answer may hold. */
export const STREAM_WINDOW_BYTES: number = 6 * MIB;
/** A longer piece is sent in several, so that its client has the first while the last is copied. */
export const STREAM_CHUNK_BYTES: number = 64 * KIB;
/** JSON of an HTTP prelude, and header lines of a guest's answer, in bytes: clients refuse longer headers. */
export const HTTP_PRELUDE_BYTES: number = 16 * KIB;
/** A client that takes nothing for this long, in milliseconds, while a stream waits for it, has gone. */
export const STREAM_STALL_MS = 30_000;
/** What clients have not taken of all answers together, in bytes; of more, a client that is behind is given up. */
export const STREAMS_KEPT_BYTES: number = 256 * MIB;
/** Bodies of all requests that are read or served together, in bytes, but for those that came with their head; the next one is refused. */
export const REQUESTS_KEPT_BYTES: number = 256 * MIB;
/** Asynchronous request payload. */
export const ASYNC_REQUEST_BYTES = 1_048_576;
export const CLIENT_CONTEXT_BYTES = 3_583;
/** Largest CreateFunction or UpdateFunctionCode body in bytes (base64 of a 50 MB zip and settings). */
export const API_REQUEST_BYTES = 70_167_211;
export const ZIP_BYTES = 52_428_800;
/** Total of a package's unpacked bytes; also the bound against zip bombs. */
export const UNZIPPED_BYTES = 262_144_000;
export const ZIP_ENTRIES = 10_000;
export const ENVIRONMENT_BYTES = 4_096;
/** A resource policy as JSON. */
export const POLICY_BYTES = 20_480;

/** What `X-Amz-Log-Type: Tail` answers, in bytes. */
export const LOG_TAIL_BYTES: number = 4 * KIB;
/** A longer log line is cut, in bytes (CloudWatch's event limit is 256 KiB). */
export const LOG_LINE_BYTES: number = 256 * KIB;
/** More than this in one invocation is dropped, and the log says so. */
export const LOG_INVOCATION_BYTES: number = 1 * MIB;

/** Entries all tables of a module may have together; a table of a million entries costs 8 MB on the host. */
export const TABLE_ENTRIES = 1_000_000;
/** Bytes of the objects that a module's initialisers may make: nothing is metered yet when they run. */
export const OBJECT_BYTES_AT_START: number = 16 * MIB;
/** Lambda gives initialisation ten seconds. */
export const INIT_TIMEOUT_MS = 10_000;
/** Events that wait may weigh this much together, in bytes; the next one is refused whatever function it is for. */
export const QUEUED_BYTES: number = 256 * MIB;
/** The head of a guest's host call, JSON, in bytes: names, addresses and headers. */
export const HOST_CALL_HEAD_BYTES: number = 16 * KIB;
/** The bytes that a host call carries either way. */
export const HOST_CALL_BODY_BYTES = 6_291_456;
/** What the headers of a response to a guest's fetch may take, in bytes. */
export const FETCH_HEADER_BYTES: number = 16 * KIB;
/** A guest's key-value store: a key in bytes of UTF-8, a value, keys in one answer. */
export const KV_KEY_BYTES = 512;
export const KV_VALUE_BYTES: number = 400 * KIB;
export const KV_LIST_KEYS = 1_000;
/** What an entry takes beside its key and value, in bytes. */
export const KV_ENTRY_BYTES = 64;
/** What the entries of a namespace may take, and those of an account in a region. */
export const KV_NAMESPACE_BYTES: number = 1_024 * MIB;
export const KV_ACCOUNT_BYTES: number = 10 * KV_NAMESPACE_BYTES;

/** Asynchronous events that wait may weigh this much together on disk, in bytes; the next one is refused. */
export const ASYNC_QUEUED_BYTES: number = 1_024 * MIB;
/** Messages in all queues may weigh this much together on disk, in bytes; the next one is refused. */
export const QUEUE_MESSAGES_BYTES: number = 4_096 * MIB;
/** Deliveries of topics and rules that wait, and what they may weigh together on disk, in characters; the next one is refused. */
export const OUTBOX_LETTERS = 200_000;
/** Of these as many may be for one ARN: one that takes nothing leaves room for the others. */
export const OUTBOX_LETTERS_OF_ONE = 50_000;
export const OUTBOX_SIZE: number = 1_024 * MIB;
/** One object in a bucket, in bytes: the most that S3 takes in one request. */
export const OBJECT_BYTES: number = 5_120 * MIB;
/** An invocation that runs for longer is no quick one, nor is a function whose invocations do on average; in milliseconds. */
export const QUICK_MS = 2;
/** How long a host call may overrun an invocation's deadline before its thread is given up, in milliseconds. */
export const HOST_GRACE_MS = 500;
/**
 * Fuel granted at a time. V8 burns 1,000 to 40,000 units in a microsecond of plain loops, so the longest slice, of some 25
 * microseconds to a millisecond, makes asking for fuel and reading the clock cost less than one percent; where every
 * access faults a page a unit takes a thousand times longer, and the shortest slice lasts about half a millisecond.
 */
export const FUEL_SLICE = { first: 50_000, least: 1_000, most: 1_000_000 } as const;
