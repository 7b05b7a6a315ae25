#!/bin/bash
# Builds, pushes and scans each image in KINDS, such as `training-cpu inference-cpu`, and records them when all are well.
# PREFIX and REGISTRY say where to, BUCKET and SOURCES of which environment and of which sources the record is.
set -euo pipefail
cd "$(dirname "$0")/.."

# SageMaker refuses to serve images with OCI's manifests, which Docker writes where it attests a build.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1
MANIFEST=application/vnd.docker.distribution.manifest.v2+json

built=$(date -u +%Y-%m-%d)
digests=()

for kind in $KINDS; do
    target=${kind%-*}
    repository=$PREFIX-$target
    tag=$built-$CODEBUILD_BUILD_NUMBER-${kind##*-}
    arguments=(--build-arg "VARIANT=${kind##*-}")
    if [ "${kind##*-}" = gpu ]; then arguments+=(--build-arg TORCH_INDEX=); fi

    docker build --pull --no-cache --file containers/Dockerfile --target "$target" "${arguments[@]}" --tag "$REGISTRY/$repository:$tag" .
    docker run --rm --entrypoint python3 "$REGISTRY/$repository:$tag" -c "import numpy, PIL, torch"
    docker push --quiet "$REGISTRY/$repository:$tag"

    pushed=$(aws ecr describe-images --repository-name "$repository" --image-ids "imageTag=$tag" \
        --query "imageDetails[0].[imageDigest, imageManifestMediaType]" --output text)
    read -r digest manifest <<<"$pushed"
    if [ "$manifest" != "$MANIFEST" ]; then
        echo "SageMaker takes images whose manifest is $MANIFEST, and this one's is $manifest: docs/first-deploy.md" >&2
        exit 1
    fi

    image=(--repository-name "$repository" --image-id "imageTag=$tag")
    for _ in $(seq 60); do  # AWS's own waiter knows nothing of ACTIVE, the state of enhanced scanning
        sleep 10
        status=$(aws ecr describe-image-scan-findings "${image[@]}" --query imageScanStatus.status --output text || echo PENDING)
        if [ "$status" = COMPLETE ] || [ "$status" = ACTIVE ]; then break; fi
    done
    aws ecr describe-image-scan-findings "${image[@]}" --output json >findings.json
    python3 containers/findings.py findings.json
    digests+=("\"$kind\": \"$digest\"")
done

listed=$(IFS=,; echo "${digests[*]}")
echo "{\"built\": \"$built\", \"sources\": \"$SOURCES\", \"digests\": {$listed}}" >images.json
cat images.json
aws s3 cp --content-type application/json images.json "s3://$BUCKET/containers/images.json"
