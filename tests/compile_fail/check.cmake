# Compiles SOURCE twice. With ALLOT_CONTROL defined it must compile, so that a wrong include cannot
# pass for success; without, it must fail with a message that matches the regular expression which
# the source names in its line "// expect: REGEX".
file(STRINGS "${SOURCE}" expect_line REGEX "^// expect: " LIMIT_COUNT 1)
string(REGEX REPLACE "^// expect: " "" expected "${expect_line}")
if(expected STREQUAL "")
    message(FATAL_ERROR "${SOURCE}: no line '// expect: REGEX'")
endif()
set(ENV{LC_ALL} C)
set(command "${COMPILER}" ${FLAGS} -std=c++20 -Wall -Wextra -Werror=unused-result -fsyntax-only
    "-I${INCLUDE}")

execute_process(COMMAND ${command} -DALLOT_CONTROL "${SOURCE}"
    RESULT_VARIABLE status ERROR_VARIABLE messages OUTPUT_VARIABLE ignored)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "the control does not compile:\n${messages}")
endif()

execute_process(COMMAND ${command} "${SOURCE}"
    RESULT_VARIABLE status ERROR_VARIABLE messages OUTPUT_VARIABLE ignored)
if(status EQUAL 0)
    message(FATAL_ERROR "${SOURCE} compiles, and must not")
endif()
if(NOT messages MATCHES "${expected}")
    message(FATAL_ERROR "fails for another reason than '${expected}':\n${messages}")
endif()
