"""Rekognition: tags at creation."""

SOURCE = "https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CreateCollection.html"
TAGGED = {
    "rekognition:CreateCollection": "rekognition:TagResource",
    "rekognition:CreateStreamProcessor": "rekognition:TagResource",
    "rekognition:CreateProject": "rekognition:TagResource",
    "rekognition:CreateDataset": "rekognition:TagResource",
}
