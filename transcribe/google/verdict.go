package google

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"heed/transcribe/remote"
)

// verdict gives a stream's error its consequence. What is left as it is makes
// the runner connect again, such as Aborted and OutOfRange, the service's ends
// of streams that were too long or too quiet.
func verdict(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	s := status.Convert(err)
	switch s.Code() {
	case codes.Unauthenticated, codes.PermissionDenied, codes.InvalidArgument, codes.NotFound,
		codes.FailedPrecondition, codes.Unimplemented:
		return remote.Refused(name, err)
	case codes.ResourceExhausted:
		if strings.HasPrefix(s.Message(), "grpc: received message") {
			return remote.Refused(name, fmt.Errorf("%w: %w", remote.ErrFlood, err))
		}
		return remote.Limited(name, after(s), err)
	case codes.Internal:
		// grpc-go's own code for a message that is no protobuf.
		if strings.HasPrefix(s.Message(), "grpc: failed to unmarshal") {
			return remote.Refused(name, fmt.Errorf("%w: %w", remote.ErrGarbage, err))
		}
	case codes.OK, codes.Canceled, codes.Unknown, codes.DeadlineExceeded, codes.AlreadyExists,
		codes.Aborted, codes.OutOfRange, codes.Unavailable, codes.DataLoss:
	}
	return err
}

// after is how long the service wants to be left alone; 0 when it does not say.
func after(s *status.Status) time.Duration {
	for _, detail := range s.Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			return min(max(0, retry.GetRetryDelay().AsDuration()), 24*time.Hour)
		}
	}
	return 0
}
