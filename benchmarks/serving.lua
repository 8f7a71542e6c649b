-- For wrk: sends one form with a picture again and again, and prints its figures as JSON.
-- Arguments: path of the form, its boundary.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  wrk.method = "POST"
  wrk.body = file:read("*a")
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. arguments[2]
  file:close()
  good, busy, client, server = 0, 0, 0, 0
end

function response(status)
  if status == 200 then good = good + 1
  elseif status == 503 then busy = busy + 1
  elseif status >= 500 then server = server + 1
  else client = client + 1 end
end

function done(summary, latency, requests)
  local function count(name)
    local sum = 0
    for _, thread in ipairs(threads) do sum = sum + thread:get(name) end
    return sum
  end
  local errors = summary.errors
  print(string.format(
    '{"seconds": %f, "good": %d, "busy": %d, "client": %d, "server": %d, ' ..
    '"broken": %d, "p50": %f, "p95": %f, "p99": %f}',
    summary.duration / 1e6, count("good"), count("busy"), count("client"),
    count("server"), errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e6, latency:percentile(95) / 1e6,
    latency:percentile(99) / 1e6))
end
