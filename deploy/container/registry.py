"""The stage's repository of images, by ECR's own API: through the deployer's proxy, with his rights, without an engine.

Source: Amazon ECR API Reference, "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "PutImage".
"""

from typing import Any

from botocore.exceptions import ClientError

from deploy.container.assembly import MANIFEST, Assembled, Blob

THERE = ("ImageAlreadyExistsException", "ImageTagAlreadyExistsException")


class Repository:
    """One repository."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self.name = client, name

    def digest_of(self, **identity: str) -> str:
        """Return the digest of the image with this `imageTag` or `imageDigest`; empty where there is none."""
        try:
            found = self._client.describe_images(repositoryName=self.name, imageIds=[identity])["imageDetails"]
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("ImageNotFoundException", "RepositoryNotFoundException"):
                raise
            return ""
        return str(found[0]["imageDigest"]) if found else ""

    def send(self, image: Assembled, tag: str) -> str:
        """Send what is not there yet, the manifest last; return the image's digest."""
        for blob in image.blobs:
            if not self._holds(blob):
                self._upload(blob)
        try:
            made = self._client.put_image(
                repositoryName=self.name,
                imageManifest=image.manifest,
                imageManifestMediaType=MANIFEST,
                imageDigest=image.digest,
                imageTag=tag,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in THERE:
                raise
            return self.digest_of(imageTag=tag)  # an earlier run was broken off just behind this
        return str(made["image"]["imageId"]["imageDigest"])

    def _holds(self, blob: Blob) -> bool:
        answer = self._client.batch_check_layer_availability(repositoryName=self.name, layerDigests=[blob.digest])
        return any(layer.get("layerAvailability") == "AVAILABLE" for layer in answer["layers"])

    def _upload(self, blob: Blob) -> None:
        begun = self._client.initiate_layer_upload(repositoryName=self.name)
        first = 0
        with blob.path.open("rb") as opened:
            while part := opened.read(begun["partSize"]):
                self._client.upload_layer_part(
                    repositoryName=self.name,
                    uploadId=begun["uploadId"],
                    partFirstByte=first,
                    partLastByte=first + len(part) - 1,
                    layerPartBlob=part,
                )
                first += len(part)
        try:
            self._client.complete_layer_upload(
                repositoryName=self.name, uploadId=begun["uploadId"], layerDigests=[blob.digest]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "LayerAlreadyExistsException":
                raise
