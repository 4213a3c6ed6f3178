"""The way to Microsoft Graph. Nothing outside this room knows its SDK, which is loaded only where Graph is used."""
