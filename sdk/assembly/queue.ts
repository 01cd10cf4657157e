import { Answer, callHost, HostError } from "./call";
import { Json } from "./json/json";
import { utf8 } from "./utf8";

/** What is said of a message beside its text; for chaining. */
export class MessageOptions {
  readonly head: Json = Json.object();
  private readonly attributes: Json = Json.object();

  /** Nobody receives it for so many seconds, at most 900. */
  delay(seconds: i32): MessageOptions {
    this.head.set("delaySeconds", seconds);
    return this;
  }

  /** FIFO queues: messages of a group are received in the order in which they were sent. */
  group(id: string): MessageOptions {
    this.head.set("groupId", id);
    return this;
  }

  /** FIFO queues: a second message of the same id within five minutes is not kept. */
  deduplicate(id: string): MessageOptions {
    this.head.set("deduplicationId", id);
    return this;
  }

  /** A message attribute; the type is "String" or "Number", perhaps with a label behind a dot. */
  attribute(name: string, value: string, type: string = "String"): MessageOptions {
    this.attributes.set(name, Json.object().set("DataType", type).set("StringValue", value));
    this.head.set("attributes", this.attributes);
    return this;
  }
}

/** What came of sending. */
export class SentMessage {
  /** Why it was not sent; null when it was. */
  readonly error: HostError | null;
  /** "" when it was not sent. */
  readonly messageId: string;
  /** Of FIFO queues; "" elsewhere. */
  readonly sequenceNumber: string;

  constructor(answer: Answer) {
    this.error = answer.error;
    this.messageId = answer.head.get("messageId").stringOr("");
    this.sequenceNumber = answer.head.get("sequenceNumber").stringOr("");
  }
}

/** A queue of the account, by its name, URL or ARN. */
export class Queue {
  constructor(public readonly name: string) {}

  /** Sends a message, of at most 1 MiB with its attributes; when that is answered without an error it survives a crash. */
  send(body: string, options: MessageOptions = new MessageOptions()): SentMessage {
    const head = options.head.set("op", "queue.send").set("queue", this.name);
    return new SentMessage(callHost(head, utf8.encode(body)));
  }
}
