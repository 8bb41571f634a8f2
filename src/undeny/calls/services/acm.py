"""Certificate Manager: tags at creation."""

SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html"
TAGGED = {
    "acm:RequestCertificate": "acm:AddTagsToCertificate",
    "acm:ImportCertificate": "acm:AddTagsToCertificate",
}
