package handlers

const (
	shopperCookie      = "luma_sid"
	headerSessionToken = "X-Session-Token"
	headerSyncKey      = "X-Catalog-Sync-Key"
)
