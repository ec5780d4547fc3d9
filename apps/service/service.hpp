// Service: guards, dispatch and the access log; everything between the server and the endpoints.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "apps/service/state.hpp"

namespace allot::service {

class Service : public Handler {
  public:
    explicit Service(ServiceOptions options);

    [[nodiscard]] std::optional<Response> refuse(Request& head) override;
    [[nodiscard]] Response answer(const Request& request) override;
    [[nodiscard]] Response answer_broken(int status, const std::string& detail,
                                         const std::string& request_id) override;
    [[nodiscard]] std::string next_request_id() override;
    void finished(const Request& request, int status, std::size_t bytes,
                  std::chrono::nanoseconds duration) override;

    [[nodiscard]] State& state() noexcept { return state_; }

  private:
    State state_;
    std::string start_;  // of every request id: when the service was started
    std::atomic<std::uint64_t> requests_{0};
};

}  // namespace allot::service
