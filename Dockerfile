# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Native code comes prebuilt, so no install script has to run.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json .swcrc ./
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /opt/assay
RUN install --directory --owner=node --group=node /var/lib/assay
# Owned by root: the service cannot change its own code or configuration.
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY config config
USER node
VOLUME /var/lib/assay
EXPOSE 8080
# /livez says that the loop turns; whether prices can be used is /readyz's to say, and no reason to restart.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "dist/cli.js"]
CMD ["serve", "--config", "config", "--data", "/var/lib/assay", "--host", "0.0.0.0"]
