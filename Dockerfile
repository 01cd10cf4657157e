# syntax=docker/dockerfile:1

# Compiles the sources and leaves nothing but what runs.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

# Glibc, because the prebuilt koffi and libsql are made for it.
FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    ISOLA_HOST=0.0.0.0 \
    ISOLA_PORT=8420 \
    ISOLA_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist/isola ./dist/isola
COPY --from=build /app/sdk ./sdk
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8420
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ISOLA_PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/isola/isola.js"]
CMD ["serve"]
