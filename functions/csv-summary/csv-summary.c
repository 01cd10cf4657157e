/* Reads an event (JSON) or a bare CSV from stdin and prints a summary of its columns as JSON. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INPUT = 8 << 20, MAX_COLUMNS = 256 };

struct column {
  const char *name;
  long numbers;
  double min, max, sum;
};

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static long hex4(const char *p) {
  long value = 0;
  for (int i = 0; i < 4; i++) {
    int digit = hex_digit(p[i]);
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

static char *put_utf8(char *out, long c) {
  if (c < 0x80) {
    *out++ = (char)c;
  } else if (c < 0x800) {
    *out++ = (char)(0xc0 | c >> 6);
    *out++ = (char)(0x80 | (c & 63));
  } else if (c < 0x10000) {
    *out++ = (char)(0xe0 | c >> 12);
    *out++ = (char)(0x80 | (c >> 6 & 63));
    *out++ = (char)(0x80 | (c & 63));
  } else {
    *out++ = (char)(0xf0 | c >> 18);
    *out++ = (char)(0x80 | (c >> 12 & 63));
    *out++ = (char)(0x80 | (c >> 6 & 63));
    *out++ = (char)(0x80 | (c & 63));
  }
  return out;
}

/* Undoes a JSON string in place, from after its opening quote; an escape is never shorter than what it stands for. */
static void unescape(char *text) {
  char *out = text;
  for (char *p = text; *p && *p != '"'; p++) {
    if (*p != '\\') {
      *out++ = *p;
      continue;
    }
    if (*++p == '\0') break;
    long c, low;
    switch (*p) {
      case 'n': *out++ = '\n'; break;
      case 'r': *out++ = '\r'; break;
      case 't': *out++ = '\t'; break;
      case 'b': *out++ = '\b'; break;
      case 'f': *out++ = '\f'; break;
      case 'u':
        if ((c = hex4(p + 1)) < 0) break;
        p += 4;
        if (c >= 0xd800 && c < 0xdc00 && p[1] == '\\' && p[2] == 'u' && (low = hex4(p + 3)) >= 0xdc00 && low < 0xe000) {
          c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
          p += 6;
        } else if (c == 0 || (c >= 0xd800 && c < 0xe000)) {
          c = 0xfffd;
        }
        out = put_utf8(out, c);
        break;
      default: *out++ = *p;
    }
  }
  *out = '\0';
}

/* The value of the top-level member "body" when it is a string, unescaped; NULL when there is none. */
static char *find_body(char *json) {
  int depth = 0;
  for (char *p = json; *p; p++) {
    if (*p == '{' || *p == '[') depth++;
    if (*p == '}' || *p == ']') depth--;
    if (*p != '"') continue;
    char *start = p + 1;
    for (p++; *p && *p != '"'; p++)
      if (*p == '\\' && p[1]) p++;
    if (!*p) return NULL;
    if (depth != 1 || p - start != 4 || memcmp(start, "body", 4) != 0) continue;
    char *value = p + 1 + strspn(p + 1, " \t\r\n");
    if (*value++ != ':') continue;
    value += strspn(value, " \t\r\n");
    if (*value != '"') continue;
    unescape(value + 1);
    return value + 1;
  }
  return NULL;
}

/* Cuts the next field out of the text, in place, and says what ended it: ',' or '\n' or 0. RFC 4180: "quoted ""fields""". */
static int next_field(char **cursor, char **field) {
  char *p = *cursor, *out = p;
  *field = p;
  if (*p == '"') {
    for (p++; *p; p++) {
      if (*p == '"' && *++p != '"') break;
      *out++ = *p;
    }
  }
  while (*p && *p != ',' && *p != '\n') *out++ = *p++;
  int end = *p;
  *cursor = end ? p + 1 : p;
  if (out > *field && out[-1] == '\r') out--;
  *out = '\0';
  return end;
}

static void print_string(const char *text) {
  putchar('"');
  for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
    if (*p == '"' || *p == '\\') printf("\\%c", *p);
    else if (*p < 0x20) printf("\\u%04x", *p);
    else putchar(*p);
  }
  putchar('"');
}

static void count(struct column *column, const char *field) {
  char *end;
  double value = strtod(field, &end);
  if (end == field || *end || !isfinite(value)) return;
  if (column->numbers == 0 || value < column->min) column->min = value;
  if (column->numbers == 0 || value > column->max) column->max = value;
  column->sum += value;
  column->numbers++;
}

int main(void) {
  static struct column columns[MAX_COLUMNS];
  char *input = malloc(MAX_INPUT + 1);
  if (!input) return 1;
  size_t length = fread(input, 1, MAX_INPUT, stdin);
  input[length] = '\0';

  char *csv = input + strspn(input, " \t\r\n");
  if (*csv == '"') {
    unescape(++csv);
  } else if (*csv == '{' && !(csv = find_body(csv))) {
    fputs("the event has no text body\n", stderr);
    return puts("{\"error\":\"send a CSV as the body\"}") < 0;
  }

  char *field;
  int width = 0, end = '\n';
  while (*csv || end == ',') {
    end = next_field(&csv, &field);
    if (width < MAX_COLUMNS) columns[width++].name = field;
    if (end != ',') break;
  }

  long rows = 0;
  while (*csv) {
    int at = 0, filled = 0;
    do {
      end = next_field(&csv, &field);
      filled |= *field;
      if (at < width) count(&columns[at++], field);
    } while (end == ',');
    rows += filled != 0 || at > 1;
  }

  printf("{\"rows\":%ld,\"columns\":[", rows);
  for (int i = 0; i < width; i++) {
    const struct column *c = &columns[i];
    printf("%s{\"name\":", i ? "," : "");
    print_string(c->name);
    printf(",\"numbers\":%ld", c->numbers);
    if (c->numbers) printf(",\"min\":%.15g,\"max\":%.15g,\"mean\":%.15g", c->min, c->max, c->sum / c->numbers);
    printf("}");
  }
  puts("]}");
  return 0;
}
