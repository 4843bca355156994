package client

import (
	"context"
	"net/http"
)

// AuditOfReads is what was found by reading the audit of who read what.
type AuditOfReads struct {
	Rows, Open int
	Bad        int64  // the first row that is not as it was written; 0 for none
	Head       string // the last sum
}

// VerifyAudit has the server read the whole audit of reads. It may take long.
func (c *Client) VerifyAudit(ctx context.Context) (AuditOfReads, error) {
	var a AuditOfReads
	err := c.do(ctx, http.MethodGet, "/v1/audit/verify", nil, &a)
	return a, err
}
