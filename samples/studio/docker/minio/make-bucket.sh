#!/bin/sh
# Makes the bucket. With a MinIO client in the image it does so with that; in a plain image with
# curl or wget it can only wait until the store answers.
# Reads MINIO_URL, MINIO_ROOT_USER, MINIO_ROOT_PASSWORD and MINIO_BUCKET.
set -eu

has() { command -v "$1" >/dev/null 2>&1; }

answers() {
  if has mc; then
    mc alias set studio "$MINIO_URL" "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" >/dev/null 2>&1
  elif has curl; then
    curl --fail --silent --max-time 2 --output /dev/null "$MINIO_URL/minio/health/live"
  else
    wget -q -T 2 -O /dev/null "$MINIO_URL/minio/health/live"
  fi
}

if ! has mc && ! has curl && ! has wget; then
  echo "minio-init: this image has none of mc, curl and wget; set TOOLS_IMAGE to one that has" >&2
  exit 1
fi

attempt=1
until answers; do
  if [ "$attempt" -ge 60 ]; then
    echo "minio-init: $MINIO_URL did not answer in 60 attempts; see the log of the service minio" >&2
    exit 1
  fi
  attempt=$((attempt + 1))
  sleep 0.5 2>/dev/null || sleep 1
done

if has mc; then
  mc mb --ignore-existing "studio/$MINIO_BUCKET"
else
  echo "minio-init: the store answers; without a MinIO client the bucket $MINIO_BUCKET was not made"
fi
