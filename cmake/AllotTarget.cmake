# What every target of the project has in common: the language, and the warnings.
function(allot_target target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion
        -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual)
    # g++ 12 warns of overlapping copies inside std::string that it has made up (GCC bug 105651).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(${target} PRIVATE -Wno-restrict)
    endif()
    # Under its sanitizers g++ finds members of std::function uninitialised that are not, and reads
    # and writes beyond the ends of strings that are not made.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
        target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized
            -Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow)
    endif()
    if(ALLOT_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()

# allot_precompile(TARGET [HEADER...]): parses cmake/precompiled.hpp and these large headers once
# for the whole target. CMAKE_DISABLE_PRECOMPILE_HEADERS switches it off.
function(allot_precompile target)
    target_precompile_headers(${target} PRIVATE
        ${ARGN} "${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp")
endfunction()
