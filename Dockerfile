# The application in a small image. Build: docker build -t leftfold .
# Run: docker run --read-only --tmpfs /tmp -v leftfold-data:/app/data -p 3000:3000 -e JWT_SECRET leftfold

FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/core/package.json packages/core/
COPY packages/create-leftfold/package.json packages/create-leftfold/
COPY packages/http/package.json packages/http/
COPY packages/nats/package.json packages/nats/
COPY packages/operations/package.json packages/operations/
COPY packages/proofs/package.json packages/proofs/
COPY packages/schematics/package.json packages/schematics/

# The compiler is a development package, and most code of the packages is bundled into dist/.
FROM manifests AS build
RUN npm ci
COPY . .
RUN npm run build

FROM manifests AS production
RUN npm ci --omit=dev

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json ./
COPY bin bin
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
# The only folder that the application writes to: SQLite files, and mails without SMTP_URL.
RUN install -d -m 700 -o node -g node /app/data
VOLUME /app/data
USER node
EXPOSE 3000
# The image has no curl. Readiness is for load balancers: a restart does not repair a database.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without a shell or npm in between, so that SIGTERM reaches node, which drains and exits with 0.
CMD ["node", "dist/main.js"]
