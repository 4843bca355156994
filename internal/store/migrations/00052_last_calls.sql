-- When each platform last brought a call.
CREATE INDEX call_last ON call (platform, started);
